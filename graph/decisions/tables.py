"""The tables of the base that decisions fill, and the one that asks for them."""

from __future__ import annotations

from graph.described import Table
from graph.described import columns as _columns

DECISION_TABLES: tuple[Table, ...] = (
    Table(
        "can_doi_chieu",
        "Viện dẫn cần đối chiếu",
        "Mỗi dòng một lý do mà một lần viện dẫn cần người đối chiếu; viện dẫn đã có quyết định thì ghi rõ.",
        _columns(
            ("id", int, "Số thứ tự"),
            ("trich_dan", str, "Viện dẫn", "trich_dan"),
            ("van_ban_nguon", str, "Văn bản viện dẫn", "van_ban"),
            ("muc", str, "Mục có viện dẫn", "muc"),
            ("loai", str, "Vì sao cần đối chiếu"),
            ("goi_y", str, "Gợi ý"),
            ("chinh", int, "1 nếu là lý do chính của lần viện dẫn"),
        ),
    ),
    Table(
        "quyet_dinh",
        "Quyết định của người dùng",
        "Những quyết định đang có hiệu lực, do người dùng ghi; kho được dựng lại theo các quyết định này.",
        _columns(
            ("id", int, "Số thứ tự trong nhật ký"),
            ("loai", str, "Loại quyết định"),
            ("doi_tuong", str, "Quyết định về"),
            ("noi_dung", str, "Nội dung quyết định"),
            ("ly_do", str, "Lý do"),
            ("nguoi", str, "Người quyết định"),
            ("luc", str, "Ghi lúc (giờ quốc tế)"),
            ("tinh_trang", str, "Đang áp dụng, cần xem lại hoặc chưa áp dụng"),
            ("may_doc", str, "Chương trình đọc được (trước khi áp dụng quyết định)"),
            ("van_ban", str, "Văn bản", "van_ban"),
            ("van_ban_nguon", str, "Văn bản có chỗ này", "van_ban"),
            ("muc", str, "Mục", "muc"),
            ("trich_dan", str, "Viện dẫn", "trich_dan"),
            ("chuong_trinh", str, "Lần nêu tên chương trình, đề án", "chuong_trinh"),
            ("dan_chieu", str, "Chỗ dẫn chiếu không có số", "dan_chieu"),
            ("chi_tiet", str, "Chi tiết (JSON)"),
            ("ma_doi_tuong", str, "Mã bền của đối tượng"),
        ),
    ),
    Table(
        "quyet_dinh_can_xem",
        "Quyết định cần xem lại",
        "Những quyết định chưa áp dụng được vì nội dung đã đổi, và những liên kết đã duyệt mà văn bản được viện dẫn"
        " đã đổi.",
        _columns(
            ("id", int, "Số thứ tự"),
            ("quyet_dinh", int, "Quyết định", "quyet_dinh"),
            ("viec", str, "Chưa áp dụng hoặc cần xem lại"),
            ("vi_sao", str, "Vì sao"),
            ("truoc", str, "Trước đây"),
            ("nay", str, "Hiện nay"),
            ("van_ban", str, "Văn bản", "van_ban"),
            ("van_ban_nguon", str, "Văn bản có chỗ này", "van_ban"),
            ("muc", str, "Mục", "muc"),
            ("trich_dan", str, "Viện dẫn", "trich_dan"),
            ("chuong_trinh", str, "Lần nêu tên chương trình, đề án", "chuong_trinh"),
            ("dan_chieu", str, "Chỗ dẫn chiếu không có số", "dan_chieu"),
        ),
    ),
)
