from onewindow_desk.services import intake, papers
from onewindow_desk.services.account import account


def test_the_account_tells_acts_and_papers_without_people(shift, draft):
    done = intake.receive(shift, draft)
    out = papers.send_receipt(shift, done.case_id, "PDF")
    (case,) = account(shift.store)
    assert case.receipt_no == done.receipt_no
    assert [(act.kind, act.author) for act in case.operations] == [
        ("receive", "wang"),
        ("paper_sent", "wang"),
    ]
    assert [(paper.kind, paper.sha256) for paper in case.documents] == [("material_receipt", out.sha256)]
    assert "钱样安" not in str(case)
