from onewindow_desk.workspaces.intake import materials


def badges(state, item):
    return {row.code: (row.badge.kind, row.badge.text) for row in materials.rows(item, state.draft)}


def test_what_is_due_may_be_missing_or_depends(state, item):
    state.choose(item)
    shown = badges(state, item)
    tolerable = next(row.code for row in item.materials if row.tolerable)
    for_agents = next(row.code for row in item.materials if "委托" in row.condition)
    assert shown["M-APP"] == ("waiting", "待交")
    assert shown[tolerable] == ("tolerated", "可容缺")
    assert shown[for_agents] == ("waiting", "视情况")
    state.set_agent(True)
    assert badges(state, item)[for_agents] == ("waiting", "待交")


def test_pages_are_counted_ticked_or_not(state, item, make_jpeg):
    state.choose(item)
    state.keep_page(state.draft.draft_id, make_jpeg("a"), "image/jpeg", 2, "M-APP")
    assert badges(state, item)["M-APP"] == ("waiting", "2 页未勾")
    state.tick(item.materials[0], True)
    assert badges(state, item)["M-APP"] == ("ready", "2 页")
    state.tick(item.materials[1], True)
    assert badges(state, item)[item.materials[1].code] == ("ready", "已收")
    assert materials.in_hand(item, state.draft) == 2


def test_other_counts_than_asked_for_are_shown(state, item):
    state.choose(item)
    state.tick(item.materials[0], True)
    assert materials.rows(item, state.draft)[0].asked == "原件 1"
    state.set_counts("M-APP", 2, 1, False)
    assert materials.rows(item, state.draft)[0].asked == "原件 2、复印件 1"


def test_an_item_only_looked_at_has_nothing_ticked(item):
    rows = materials.listed(item)
    assert len(rows) == len(item.materials)
    assert not any(row.row.ticked for row in rows)
    assert rows[0].badge.text == "要交"
