"""What all workspaces share: tokens, look, keys, rows and the parts they are put together from.

Every part takes its parent first, so that Designer forms can name it as a promoted class, and the
rest by keyword.

look.py      look() -> Look: .px(34), .font(Type.CAPTION), .colour("accent"), .room(width), .scale
theme.py     Theme("light" | "contrast", 1.0 | 1.25 | 1.5).apply(application); .resize(step), .change(name)
icons.py     pixmap(name, colour, size), icon(name, look, size)
keys.py      Key (every key), Group; Key.INTAKE_SCAN.cap, .text, .sequences
badges.py    Badge(kind, text, provisional=False): overdue today refused soon tolerated ok ready done
             stopped waiting; the domain's clock badge is taken as it is
rows.py      Cell(text, sub, badge, bold, ticked, aside), Column(title, cell, width), RowsModel(columns)
delegate.py  RowDelegate(view, height=0): paints cells
forms.py     dress(root): keys, captions and icons that a .ui file names
fault_notice.py  show_fault(parent, log, reference, text)
enter_walk.py  EnterWalk(parent).walk(widgets): Return to the next field; finished, left

widgets/
  label.py          Label(parent, text="", role="body", wrap=False); ElidedLabel(...).set_whole(text);
                    rule(parent): a thin line
                    roles: caption body dim strong h2 h1 figure fault well limit sample
  icon_label.py     IconLabel(parent, name="", colour="text2", size=18)
  key_cap.py        KeyCap(parent, text="", key=None)
  pressing.py       PressButton, ToolButton: Return presses
  action_button.py  ActionButton(parent, text="", key=None, icon="", primary=False)
  field.py          Field(parent, caption="", editor=None, optional=False, unit=""): .value() .line .editor
                    .set_fault(text) .fault() .caption(); FaultLine(parent).say(text)
  masked_edit.py    MaskedEdit(parent): text() is whole, the screen masked without focus; masked(number)
  segments.py       Segments(parent, choices=((value, words), ...), name=""): .value() .set_value; chosen
  card.py           Card(parent, title="", number=0, cap="", note="", kind="true"): .head .column .add(w);
                    CardHead(parent, title, number, cap, note)
  clock_badge.py    ClockBadge(parent, badge=None).show_badge(badge)
  day_ruler.py      DayRuler(parent, days=()).show_days(days)
  banner.py         Banner(parent).tell(Notice), .untell(source)
  empty_state.py    EmptyState(parent, icon="inbox", title="", text="").say(title, text)
  progress_line.py  ProgressLine(parent, icon="scan-line", key=None): begin, step, end; stopped
  search_field.py   SearchField(parent, placeholder="", name="", key=None): typed submitted left; .drive(view)
  applicant_tabs.py ApplicantTabs(parent).show_tabs(names, current), .set_note(text); chosen(place)
  lists.py          RowsTable(parent, columns=(), name="", two_lines=False): chosen, entered_row, ticked;
                    ResultList(parent, column=Column(...), name="", height=54): chosen, picked
"""
