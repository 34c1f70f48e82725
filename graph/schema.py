"""The base as people read it: every table and column with its Vietnamese title.

The same descriptions stand in ``datasette_metadata.json``; a test holds the two together.
Names are Vietnamese without marks, because they are what users see in Datasette.
"""

from __future__ import annotations

from functools import cache

from graph.decisions.tables import DECISION_TABLES
from graph.described import KEY_SUFFIX, Column, Table, key_column
from graph.described import columns as _columns
from graph.views import VIEWS

__all__ = [
    "KEY_SUFFIX",
    "READABLE_VERSIONS",
    "SCHEMA_VERSION",
    "TABLES",
    "VIEWS",
    "WAITING",
    "WRITTEN",
    "Column",
    "Table",
    "describe",
    "key_column",
]  # fmt: skip

SCHEMA_VERSION = "7"
READABLE_VERSIONS = ("1", "2", "3", "4", "5", "6", SCHEMA_VERSION)
"""Schemas that this program can read: 1 lacks ``van_ban.urn``, 1 and 2 the notes and the table of the files that were
not read, 1 to 3 the versions of a work, 1 to 4 the keys of alphabetical order, 1 to 5 the findings, the
register, the events of validity and the decisions of people, 1 to 6 which decisions are about a work named by its title
or a pointer; no page needs them. The next build renews such a base."""


_TIMES_NAMED = (
    "SELECT (SELECT count(*) FROM trich_dan t WHERE t.van_ban = van_ban.id)"
    " + (SELECT count(*) FROM chuong_trinh c WHERE c.van_ban = van_ban.id)"
)
_TASKS_RESTING = (
    "SELECT count(DISTINCT c.nhiem_vu) FROM can_cu c"
    " WHERE c.van_ban = van_ban.id AND c.cach IN ('trực tiếp', 'qua chuỗi', 'nêu tên', 'mềm')"
)


def _given(role: str) -> str:
    """Return the query that counts what a unit is given in one role; texts that are another version count once."""
    return (
        "SELECT count(*) FROM phan_cong p JOIN muc m ON m.id = p.muc"
        f" WHERE p.don_vi = don_vi.id AND p.vai_tro = '{role}'"
        " AND m.van_ban NOT IN (SELECT id FROM van_ban WHERE phien_ban_cua > '')"
    )


TABLES: tuple[Table, ...] = (
    Table(
        "loai_quan_he",
        "Loại quan hệ",
        "Các loại quan hệ giữa văn bản, nhiệm vụ với văn bản; mỗi quan hệ lưu một chiều, đọc được hai chiều.",
        _columns(
            ("id", str, "Mã quan hệ"),
            ("rong_hon", str, "Quan hệ rộng hơn"),
            ("eli", str, "Thuộc tính ELI tương ứng"),
            ("doc_xuoi", str, "Cách đọc từ văn bản nguồn sang văn bản đích"),
            ("doc_nguoc", str, "Cách đọc từ văn bản đích về văn bản nguồn"),
            ("nhom_xuoi", str, "Tiêu đề nhóm ở lược đồ của văn bản nguồn"),
            ("nhom_nguoc", str, "Tiêu đề nhóm ở lược đồ của văn bản đích"),
        ),
    ),
    Table(
        "van_ban",
        "Văn bản",
        "Mỗi dòng một văn bản (hoặc chương trình, đề án nêu tên), dù được nhắc bao nhiêu lần.",
        _columns(
            ("id", str, "Mã văn bản"),
            ("nhan", str, "Tên gọi ngắn: tên loại và số, ký hiệu (hoặc tên)"),
            ("loai", str, "Tên loại văn bản"),
            ("so_ky_hieu", str, "Số, ký hiệu (đã chỉnh đúng thể thức nếu bản in sai)"),
            ("so_ky_hieu_in", str, "Số, ký hiệu đúng như in trong các văn bản viện dẫn"),
            ("ten", str, "Tên văn bản (đối với văn bản gọi theo tên)"),
            ("trich_yeu", str, "Trích yếu nội dung, lấy từ câu viện dẫn đầy đủ nhất"),
            ("ngay_ban_hanh", str, "Ngày ban hành (năm-tháng-ngày; có thể thiếu ngày)"),
            ("co_quan_ban_hanh", str, "Cơ quan ban hành, tên đầy đủ"),
            ("ho", str, "Nhóm văn bản: Đảng, quy phạm pháp luật, hành chính, liên tịch…"),
            ("hinh_thuc", str, "Cách được nhắc đến: có số, theo tên, tiêu chuẩn, nêu tên (chưa có số)"),
            ("cap", int, "Cấp ban hành, 1 là cao nhất (xem thứ tự trong sơ đồ)"),
            ("trang_thai", str, "Đã xác định, nhiều khả năng hoặc chưa xác định"),
            ("suy_luan", str, "Những mục do chương trình suy ra, văn bản không ghi"),
            ("trong_kho", int, "1 nếu toàn văn có trong kho"),
            ("khoa", str, "Khóa nhận dạng"),
            ("urn", str, "Định danh chuẩn URN:LEX (RFC 9676); để trống khi chưa đủ loại, số, ngày, cơ quan"),
            ("so_tim", str, "Khóa tra cứu theo số, ký hiệu"),
            ("sap_xep", str, "Khóa sắp xếp: năm, rồi số"),
            ("khong_dau", str, "Nội dung không dấu để tra cứu"),
            ("phien_ban_cua", str, "Bản đại diện, nếu đây là một bản khác của cùng văn bản", "van_ban"),
            ("phien_ban", str, "Là bản nào của văn bản có nhiều bản: bản đại diện, bản để trống số, bản khác cùng số"),
            ("phien_ban_vi", str, "Vì sao coi là bản khác của cùng văn bản"),
            ("so_lan_nhac", int, "Số lần được viện dẫn, nêu tên trong kho", "", _TIMES_NAMED),
            ("so_nhiem_vu", int, "Số nhiệm vụ dựa vào, trực tiếp hoặc qua chuỗi", "", _TASKS_RESTING),
        ),
        names=("nhan", "loai", "ten", "trich_yeu", "co_quan_ban_hanh"),
    ),
    Table(
        "tra_so",
        "Tra theo số, ký hiệu",
        "Mọi cách viết số, ký hiệu dẫn đến văn bản: cách viết đúng thể thức và cách in trong các văn bản viện dẫn.",
        _columns(
            ("id", int, "Số thứ tự"),
            ("khoa", str, "Khóa tra cứu theo số, ký hiệu"),
            ("van_ban", str, "Văn bản", "van_ban"),
        ),
    ),
    Table(
        "tep",
        "Tệp nguồn",
        "Toàn văn các văn bản có trong kho, đúng như đọc được từ tệp.",
        _columns(
            ("van_ban", str, "Văn bản", "van_ban"),
            ("duong_dan", str, "Đường dẫn tệp"),
            ("sha256", str, "Mã băm SHA-256 của tệp"),
            ("dinh_dang", str, "Định dạng"),
            ("so_ky_tu", int, "Số ký tự"),
            ("so_in", str, "Số, ký hiệu ở phần đầu văn bản, đúng như in"),
            ("dia_danh", str, "Địa danh"),
            ("suy_luan", str, "Những mục phần đầu văn bản do chương trình suy ra"),
            ("ghi_chu", str, "Ghi chú khi đọc: những gì đã chuyển mã, có thể đã mất"),
            ("noi_dung", str, "Toàn văn"),
            ("o_bang", str, "Các ô bảng: ký tự đầu, ký tự cuối, bảng, dòng, cột, số dòng mà ô trải qua (JSON)"),
        ),
        key="van_ban",
    ),
    Table(
        "tep_khong_doc",
        "Tệp bỏ qua",
        "Những tệp trong thư mục mà chương trình không đọc được hoặc đã có bản giống hệt, vì sao và cần làm gì.",
        _columns(
            ("duong_dan", str, "Tên tệp trong thư mục (và trong tệp nén)"),
            ("ly_do", str, "Vì sao bỏ qua"),
            ("viec_can_lam", str, "Việc cần làm"),
            ("sha256", str, "Mã băm SHA-256 của tệp trên đĩa; để trống nếu không mở được"),
            ("ngay_tep", str, "Ngày sửa tệp lần cuối (năm-tháng-ngày, giờ quốc tế)"),
            ("id", int, "Số thứ tự"),
        ),
    ),
    Table(
        "muc",
        "Mục",
        "Bố cục của văn bản: tiêu đề, căn cứ, đề mục, nhiệm vụ, phân công…",
        _columns(
            ("id", str, "Mã mục trong kho"),
            ("van_ban", str, "Văn bản", "van_ban"),
            ("ma", str, "Mã mục trong văn bản, ví dụ II.1.3.1"),
            ("uid", str, "Mã bền, không đổi khi đánh số lại"),
            ("loai", str, "Loại mục"),
            ("cha", str, "Mục cấp trên", "muc"),
            ("ky_hieu", str, "Ký hiệu đầu dòng"),
            ("noi_dung", str, "Nội dung"),
            ("chu_tri", str, "Đơn vị chủ trì"),
            ("phoi_hop", str, "Đơn vị phối hợp"),
            ("thoi_han", str, "Thời hạn"),
            ("san_pham", str, "Sản phẩm"),
            ("trong_bang", int, "1 nếu nằm trong bảng"),
            ("vi_tri", str, "Vị trí trong tệp"),
            ("bat_dau", int, "Vị trí ký tự bắt đầu"),
            ("ket_thuc", int, "Vị trí ký tự kết thúc"),
        ),
    ),
    Table(
        "trich_dan",
        "Viện dẫn",
        "Mỗi dòng một lần viện dẫn văn bản (theo số hoặc theo tên), kèm câu nguyên văn và vị trí.",
        _columns(
            ("id", str, "Mã viện dẫn"),
            ("van_ban_nguon", str, "Văn bản viện dẫn", "van_ban"),
            ("muc", str, "Mục có viện dẫn", "muc"),
            ("nguyen_van", str, "Phần viện dẫn đúng như in"),
            ("van_ban", str, "Văn bản được viện dẫn", "van_ban"),
            ("quan_he", str, "Quan hệ", "loai_quan_he"),
            ("qua", str, "Được nêu qua viện dẫn nào (để trống: nêu trực tiếp)", "trich_dan"),
            ("dieu_khoan", str, "Điều, khoản, điểm được viện dẫn"),
            ("loai", str, "Tên loại như in"),
            ("so_ky_hieu", str, "Số, ký hiệu như in"),
            ("ten", str, "Tên như in"),
            ("ngay", str, "Ngày ghi kèm viện dẫn"),
            ("co_quan", str, "Cơ quan ghi kèm viện dẫn"),
            ("trang_thai", str, "Đã xác định, nhiều khả năng hoặc chưa xác định"),
            ("ung_vien", str, "Các văn bản có thể là văn bản được viện dẫn"),
            ("do_tin_cay", float, "Độ tin cậy, từ 0 đến 1"),
            ("cau", str, "Câu nguyên văn"),
            ("dau_hieu", str, "Từ ngữ cho biết quan hệ"),
            ("quy_tac", str, "Quy tắc đã áp dụng"),
            ("vi_tri", str, "Vị trí trong tệp"),
            ("la_so_cua_minh", int, "1 nếu là số, ký hiệu của chính văn bản"),
            ("bat_dau", int, "Vị trí ký tự bắt đầu"),
            ("ket_thuc", int, "Vị trí ký tự kết thúc"),
        ),
    ),
    Table(
        "chuong_trinh",
        "Chương trình, đề án nêu tên",
        "Mỗi dòng một lần nhắc chương trình, đề án, kế hoạch, quy định chỉ nêu tên, không có số.",
        _columns(
            ("id", str, "Mã"),
            ("van_ban_nguon", str, "Văn bản có nhắc", "van_ban"),
            ("muc", str, "Mục có nhắc", "muc"),
            ("nguyen_van", str, "Tên đúng như in"),
            ("van_ban", str, "Chương trình, đề án", "van_ban"),
            ("quan_he", str, "Quan hệ với nhiệm vụ hoặc văn bản nhắc đến", "loai_quan_he"),
            ("lien_ket", str, "Quan hệ với văn bản nêu ngay trước", "loai_quan_he"),
            ("qua", str, "Được nêu qua viện dẫn nào (để trống: nêu trực tiếp)", "trich_dan"),
            ("loai", str, "Tên loại"),
            ("cau", str, "Câu nguyên văn"),
            ("dau_hieu", str, "Từ ngữ cho biết quan hệ"),
            ("quy_tac", str, "Quy tắc đã áp dụng"),
            ("vi_tri", str, "Vị trí trong tệp"),
            ("bat_dau", int, "Vị trí ký tự bắt đầu"),
            ("ket_thuc", int, "Vị trí ký tự kết thúc"),
        ),
    ),
    Table(
        "quan_he",
        "Quan hệ",
        "Các cạnh của đồ thị căn cứ: nguồn (văn bản, nhiệm vụ) – quan hệ – văn bản đích, kèm câu nguyên văn.",
        _columns(
            ("id", str, "Mã"),
            ("nguon_van_ban", str, "Nguồn là văn bản", "van_ban"),
            ("nguon_muc", str, "Nguồn là nhiệm vụ hoặc mục", "muc"),
            ("loai", str, "Quan hệ", "loai_quan_he"),
            ("dich", str, "Văn bản đích", "van_ban"),
            ("trang_thai", str, "Đã nêu, dự kiến hoặc suy ra"),
            ("cau", str, "Câu nguyên văn"),
            ("dau_hieu", str, "Từ ngữ cho biết quan hệ"),
            ("neu_tai", str, "Văn bản có câu này", "van_ban"),
            ("muc", str, "Mục có câu này", "muc"),
            ("trich_dan", str, "Viện dẫn làm bằng chứng", "trich_dan"),
            ("chuong_trinh", str, "Lần nêu tên làm bằng chứng", "chuong_trinh"),
            ("quy_tac", str, "Quy tắc đã áp dụng"),
            ("do_tin_cay", float, "Độ tin cậy, từ 0 đến 1"),
            ("vi_tri", str, "Vị trí trong tệp"),
            ("bat_dau", int, "Vị trí ký tự bắt đầu của dấu hiệu"),
            ("ket_thuc", int, "Vị trí ký tự kết thúc của dấu hiệu"),
        ),
    ),
    Table(
        "nhiem_vu",
        "Nhiệm vụ",
        "Mỗi dòng một nhiệm vụ, với độ mạnh của căn cứ và những gì còn thiếu.",
        _columns(
            ("id", str, "Mã nhiệm vụ trong kho", "muc"),
            ("van_ban", str, "Kế hoạch", "van_ban"),
            ("ma", str, "Mã nhiệm vụ trong kế hoạch"),
            ("noi_dung", str, "Nội dung nhiệm vụ"),
            ("do_manh", str, "Độ mạnh căn cứ: trực tiếp, nêu tên, mềm, kế thừa, không có"),
            ("canh_bao", str, "Những gì cần đối chiếu, bổ sung"),
            ("so_can_cu", int, "Số văn bản căn cứ nêu trực tiếp"),
            ("cao_nhat", str, "Văn bản cao nhất trên chuỗi căn cứ", "van_ban"),
            ("chuoi", str, "Chuỗi căn cứ dài nhất"),
            ("chu_tri", str, "Đơn vị chủ trì"),
            ("thoi_han", str, "Thời hạn"),
            ("thu_tu", int, "Thứ tự trong kế hoạch"),
            ("tinh_trang", str, "Trạng thái kém chắc chắn nhất của các văn bản căn cứ; để trống khi không có văn bản"),
        ),
        names=("noi_dung", "chu_tri"),
    ),
    Table(
        "don_vi",
        "Đơn vị",
        "Các cơ quan, đơn vị, chức danh được giao chủ trì hoặc phối hợp, mỗi đơn vị một dòng dù viết tắt hay viết đủ.",
        _columns(
            ("id", str, "Mã đơn vị"),
            ("ten", str, "Tên, theo cách viết được dùng nhiều nhất"),
            ("khong_dau", str, "Tên không dấu để tra cứu"),
            ("so_chu_tri", int, "Số việc được giao chủ trì", "", _given("chủ trì")),
            ("so_phoi_hop", int, "Số việc được giao phối hợp", "", _given("phối hợp")),
        ),
        names=("ten",),
    ),
    Table(
        "phan_cong",
        "Phân công",
        "Mỗi dòng một đơn vị được giao một nhiệm vụ hoặc một việc phân công, và vai trò của đơn vị đó.",
        _columns(
            ("id", int, "Số thứ tự"),
            ("muc", str, "Nhiệm vụ hoặc phân công", "muc"),
            ("don_vi", str, "Đơn vị", "don_vi"),
            ("vai_tro", str, "Chủ trì hoặc phối hợp"),
        ),
    ),
    Table(
        "can_cu",
        "Căn cứ của nhiệm vụ",
        "Mỗi dòng một văn bản mà nhiệm vụ dựa vào hoặc tác động đến, và cách nhiệm vụ gắn với văn bản đó.",
        _columns(
            ("id", str, "Mã"),
            ("nhiem_vu", str, "Nhiệm vụ", "nhiem_vu"),
            ("van_ban", str, "Văn bản (để trống nếu chưa rõ văn bản nào)", "van_ban"),
            ("cach", str, "Trực tiếp, qua chuỗi, nêu tên, mềm, kế thừa hoặc đối tượng tác động"),
            ("quan_he", str, "Quan hệ của nhiệm vụ với văn bản", "loai_quan_he"),
            ("so_buoc", int, "Số bước trên chuỗi (1: nêu trực tiếp)"),
            ("cau", str, "Câu nguyên văn"),
            ("vi_tri", str, "Vị trí trong tệp"),
        ),
    ),
    Table(
        "dan_chieu",
        "Dẫn chiếu nội bộ và chưa rõ",
        "Những chỗ nhắc đến văn bản mà không phải viện dẫn: tự chỉ mình, dẫn ngược, dẫn nội bộ, chưa nói rõ.",
        _columns(
            ("id", str, "Mã"),
            ("van_ban_nguon", str, "Văn bản", "van_ban"),
            ("muc", str, "Mục", "muc"),
            ("nguyen_van", str, "Đúng như in"),
            ("loai", str, "Loại dẫn chiếu"),
            ("dich", str, "Chỉ đến"),
            ("cau", str, "Câu nguyên văn"),
            ("vi_tri", str, "Vị trí trong tệp"),
            ("bat_dau", int, "Vị trí ký tự bắt đầu"),
            ("ket_thuc", int, "Vị trí ký tự kết thúc"),
        ),
    ),
    Table(
        "phat_hien",
        "Phát hiện khi soát căn cứ",
        "Những chỗ phải sửa, cần đối chiếu, nên sửa ở phần viện dẫn của văn bản trong kho; người rà soát quyết định.",
        _columns(
            ("id", str, "Mã phát hiện"),
            ("van_ban", str, "Văn bản được soát", "van_ban"),
            ("quy_tac", str, "Mã quy tắc soát"),
            ("muc_do", str, "Mức độ: bắt buộc sửa, cần đối chiếu, nên sửa, biên tập"),
            ("thu_tu", int, "Thứ tự của mức độ, 1 là nặng nhất"),
            ("muc", str, "Mục trong văn bản được soát", "muc"),
            ("vi_tri", str, "Vị trí bằng lời"),
            ("nguyen_van", str, "Chỗ được phát hiện, trích nguyên văn"),
            ("thong_bao", str, "Vấn đề"),
            ("de_nghi", str, "Đề nghị viết lại, khi chắc chắn"),
            ("ung_vien", str, "Các cách viết có thể đúng, khi chưa chắc chắn"),
            ("nguon", str, "Quy định làm căn cứ"),
            ("cau", str, "Câu nguyên văn"),
            ("do_tin_cay", float, "Độ tin cậy, từ 0 đến 1"),
            ("bat_dau", int, "Vị trí ký tự bắt đầu"),
            ("ket_thuc", int, "Vị trí ký tự kết thúc"),
        ),
    ),
    *DECISION_TABLES,
    Table(
        "danh_muc",
        "Danh mục đã nhập",
        "Các dòng của những danh mục văn bản đã nhập (cancu register import), nối với văn bản trong kho.",
        _columns(
            ("id", int, "Số thứ tự"),
            ("van_ban", str, "Văn bản trong kho, để trống nếu kho không nhắc đến", "van_ban"),
            ("so_ky_hieu", str, "Số, ký hiệu trong danh mục"),
            ("loai", str, "Tên loại"),
            ("ngay_ban_hanh", str, "Ngày ban hành"),
            ("co_quan_ban_hanh", str, "Cơ quan ban hành"),
            ("trich_yeu", str, "Trích yếu"),
            ("hieu_luc_tu", str, "Ngày có hiệu lực"),
            ("het_hieu_luc", str, "Ngày hết hiệu lực"),
            ("tinh_trang", str, "Tình trạng hiệu lực ghi trong danh mục"),
            ("thay_the_boi", str, "Được thay thế bởi"),
            ("sua_doi_boi", str, "Được sửa đổi, bổ sung bởi"),
            ("bai_bo_boi", str, "Bị bãi bỏ bởi"),
            ("ly_do", str, "Lý do hết hiệu lực"),
            ("phan_het_hieu_luc", str, "Phần hết hiệu lực"),
            ("khac_biet", str, "Chỗ danh mục khác với văn bản trong kho; khi khác, không lấy gì từ dòng này"),
            ("nguon", str, "Tên danh mục"),
            ("ngay_nguon", str, "Danh mục tính đến ngày"),
            ("tep", str, "Tệp danh mục"),
            ("dong", int, "Dòng trong tệp"),
        ),
    ),
    Table(
        "hieu_luc",
        "Diễn biến hiệu lực",
        "Mỗi dòng một thay đổi về hiệu lực của một văn bản: từ ngày nào, bởi văn bản nào, theo nguồn nào.",
        _columns(
            ("id", int, "Số thứ tự"),
            ("van_ban", str, "Văn bản", "van_ban"),
            ("su_kien", str, "Tình trạng bắt đầu từ ngày ở cột sau"),
            ("tu_ngay", str, "Từ ngày"),
            ("phan", str, "Điều, khoản liên quan; để trống khi là toàn bộ hoặc chưa rõ"),
            ("boi", str, "Bởi văn bản", "van_ban"),
            ("boi_nhu_ghi", str, "Văn bản tác động, đúng như nguồn ghi"),
            ("quan_he", str, "Quan hệ giữa văn bản tác động và văn bản này", "loai_quan_he"),
            ("suy_ra", str, "Ngày hoặc tình trạng do chương trình suy ra, vì sao; để trống khi nguồn ghi rõ"),
            ("nguon", str, "Nguồn: danh mục hoặc văn bản"),
            ("ngay_nguon", str, "Ngày của nguồn"),
            ("neu_tai", str, "Văn bản có câu nguyên văn", "van_ban"),
            ("cau", str, "Câu nguyên văn"),
            ("vi_tri", str, "Vị trí trong tệp"),
            ("danh_muc", int, "Dòng danh mục", "danh_muc"),
        ),
    ),
    Table(
        "nhiem_vu_hieu_luc",
        "Hiệu lực căn cứ của nhiệm vụ",
        "Từ ngày nào một văn bản căn cứ trực tiếp của nhiệm vụ hết hiệu lực, được sửa đổi, hết giai đoạn…",
        _columns(
            ("id", int, "Số thứ tự"),
            ("nhiem_vu", str, "Nhiệm vụ", "nhiem_vu"),
            ("su_kien", str, "Tình trạng của một văn bản căn cứ"),
            ("tu_ngay", str, "Từ ngày sớm nhất"),
            ("do_manh", str, "Độ mạnh căn cứ của nhiệm vụ"),
            ("van_ban", str, "Kế hoạch có nhiệm vụ", "van_ban"),
        ),
    ),
    Table(
        "so_dem",
        "Số đếm",
        "Những số đếm sẵn khi dựng kho, để trang chủ và các bảng lớn mở nhanh.",
        _columns(("ten", str, "Đếm gì"), ("so", int, "Số")),
        key="ten",
    ),
    Table(
        "thong_tin",
        "Thông tin kho dữ liệu",
        "Phiên bản chương trình, ngày dựng kho, mã kiểm tra.",
        _columns(("ten", str, "Tên"), ("gia_tri", str, "Giá trị")),
        key="ten",
    ),
)


WAITING = Table(
    "cho_soat",
    "Viện dẫn chờ soát",
    "Bảng tạm khi dựng: viện dẫn chờ đủ kho mới biết văn bản được viện dẫn còn hiệu lực hay không.",
    _columns(
        ("trich_dan", str, "Viện dẫn", "trich_dan"),
        ("loai", str, "Loại văn bản viện dẫn, theo quy tắc soát"),
        ("quet", int, "1 nếu đọc từ ảnh quét"),
        ("het", int, "Hết ngày, cơ quan"),
        ("het_ngay", int, "Hết ngày in, 0 nếu không in"),
        ("ngay_biet", str, "Ngày theo mọi lần nhắc"),
        ("dieu_tu", int, "Bắt đầu điều khoản, -1 nếu không có"),
        ("dua_vao", int, "1 nếu văn bản dựa vào"),
        ("da_noi_het", int, "1 nếu chính văn bản nói đã hết hiệu lực"),
        ("da_noi_sua", int, "1 nếu chính văn bản nói đã sửa đổi"),
        ("xem_ngay", str, "Ngày xem"),
        ("ngay_minh", str, "Ngày của văn bản viện dẫn"),
    ),
    key="trich_dan",
)
"""Filled while texts come in, gone before the base is used (:mod:`graph.late_checks`)."""
WRITTEN = (*TABLES, WAITING)
"""All tables that a build writes."""


@cache
def row_columns(table: str) -> tuple[Column, ...]:
    """Return the columns of a table that a row gives: those that are counted at the end are not among them."""
    return tuple(c for c in next(t for t in WRITTEN if t.name == table).columns if not c.counted)


@cache
def columns_of(table: str) -> tuple[str, ...]:
    """Return the names of the same columns."""
    return tuple(column.name for column in row_columns(table))


def describe() -> str:
    """Return the schema as the Markdown page ``docs/schema.md``."""
    lines = [
        "# Cơ sở dữ liệu",
        "",
        "Một tệp SQLite. Trang này được sinh từ `graph.schema.describe()`; kiểm thử giữ cho hai nơi khớp nhau.",
        "Cột tên gọi có thêm cột `…_abc` bên cạnh: khóa sắp xếp theo thứ tự chữ cái tiếng Việt (`graph.alphabet`).",
        "Bảng `van_ban_fts` và `muc_fts` là chỉ mục tra cứu toàn văn (FTS5), có cột không dấu.",
        "",
    ]
    for table in TABLES:
        lines += [
            f"## {table.name} – {table.title}",
            "",
            table.description,
            "",
            "| cột | kiểu | nội dung |",
            "|---|---|---|",
        ]
        for column in table.columns:
            kind = {str: "chữ", int: "số nguyên", float: "số"}[column.type]
            key = " (khóa chính)" if column.name == table.key else ""
            target = f" → `{column.references}`" if column.references else ""
            target += f"; sắp theo `{key_column(column.name)}`" if column.name in table.names else ""
            lines.append(f"| `{column.name}`{key} | {kind} | {column.description}{target} |")
        lines.append("")
    lines += ["## Khung nhìn", "", "| tên | nội dung |", "|---|---|"]
    lines += [f"| `{name}` | {description} |" for name, (_, description, _) in VIEWS.items()]
    return "\n".join(lines) + "\n"
