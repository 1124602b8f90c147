from onewindow_desk.services.guide import guide_data, guide_pdf


def test_every_item_has_a_guide_sheet_with_all_its_materials(shift):
    for item in shift.rules.catalogue.items:
        data = guide_data(shift, item)
        assert [row.name for row in data.materials] == [row.name for row in item.materials]
        assert data.sample


def test_the_sheet_is_a_pdf(shift, item):
    assert guide_pdf(shift, item).startswith(b"%PDF")
