"""By which columns the tables of the base are found and sorted, so that no page reads a large one from end to end.

A table page filters by a column and sorts by ``id``, ``cap`` or ``thu_tu``: a pair of these saves it the sort. It
counts a column along the smallest index that holds it: hence the same column alone, too, where there are many rows.
Keys of alphabetical order (``Table.names``) have their indexes besides.
"""

from __future__ import annotations

# fmt: off
INDEXES: dict[str, tuple[str, ...]] = {
    "van_ban": (
        "phien_ban_cua", "so_tim", "khoa", "sap_xep", "ngay_ban_hanh", "nhan", "so_nhiem_vu, so_lan_nhac",
        "so_lan_nhac", "cap, sap_xep, id, hinh_thuc, ngay_ban_hanh", "cap, id", "trong_kho, sap_xep", "trong_kho, cap",
        "loai, cap", "hinh_thuc, cap", "trang_thai, cap", "co_quan_ban_hanh, cap",
    ),
    "tra_so": (
        "khoa", "van_ban",
    ),
    "tep": (
        "duong_dan, van_ban", "sha256, duong_dan",
    ),
    "muc": (
        "van_ban, bat_dau", "loai, id", "cha", "ma", "loai",
    ),
    "trich_dan": (
        "van_ban_nguon, bat_dau", "muc", "van_ban, la_so_cua_minh, van_ban_nguon, bat_dau", "van_ban, id",
        "van_ban, ung_vien", "trang_thai, la_so_cua_minh", "trang_thai, id", "quan_he, id", "quan_he",
    ),
    "chuong_trinh": (
        "van_ban_nguon, bat_dau", "muc", "van_ban, van_ban_nguon, bat_dau", "loai", "quan_he",
    ),
    "quan_he": (
        "nguon_van_ban", "nguon_van_ban, dich, loai, trang_thai", "nguon_muc", "dich", "dich, loai", "dich, id",
        "loai, id", "trang_thai, id", "neu_tai", "loai", "trang_thai",
    ),
    "nhiem_vu": (
        "van_ban, thu_tu", "do_manh, thu_tu", "tinh_trang", "thu_tu", "cao_nhat", "chu_tri", "thoi_han",
        "ma, van_ban",
    ),
    "don_vi": (
        "khong_dau",
    ),
    "phan_cong": (
        "muc", "don_vi",
    ),
    "can_cu": (
        "nhiem_vu", "van_ban, cach, id", "van_ban, id", "cach, id", "quan_he, id", "cach", "quan_he",
    ),
    "can_doi_chieu": (
        "trich_dan", "loai, id", "chinh, id", "van_ban_nguon, chinh, id", "van_ban_nguon, loai, id", "muc",
    ),
    "quyet_dinh": (
        "van_ban", "van_ban_nguon", "muc", "trich_dan", "chuong_trinh", "dan_chieu", "loai", "tinh_trang",
    ),
    "quyet_dinh_can_xem": (
        "quyet_dinh", "van_ban", "van_ban_nguon", "muc", "trich_dan", "chuong_trinh", "dan_chieu", "viec, id",
    ),
    "dan_chieu": (
        "van_ban_nguon, loai, id", "muc", "loai, id", "loai, dich, id",
    ),
    "phat_hien": (
        "thu_tu, van_ban, bat_dau", "van_ban, thu_tu, bat_dau", "quy_tac, thu_tu, van_ban, bat_dau", "muc_do, id",
        "muc",
    ),
    "danh_muc": (
        "van_ban", "so_ky_hieu", "tinh_trang, id", "nguon, id",
    ),
    "nhiem_vu_hieu_luc": (
        "su_kien, tu_ngay, do_manh, van_ban, nhiem_vu", "nhiem_vu, su_kien, tu_ngay", "van_ban",
    ),
    "hieu_luc": (
        "van_ban, tu_ngay, su_kien", "su_kien, tu_ngay, van_ban", "boi", "neu_tai", "danh_muc",
    ),
}
"""Table -> its indexes, each the names of its columns with ", " between."""
