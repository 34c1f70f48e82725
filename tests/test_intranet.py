"""Sharing through a proxy of the office: every address under the prefix, who may see and ask, nothing foreign."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from serving import unused_port
from test_pages import reader

from publish.asgi import HEADERS
from publish.intranet import Intranet, IntranetError, read_intranet
from publish.running import Running
from publish.serve import _door, make_datasette

ROOT = Path(__file__).parent.parent
HOST = "can-cu.minh-hoa.local"
SITE = f"https://{HOST}"
PREFIX = "/can-cu/"
NQ08 = "van-ban/nghi-quyet-08-nq-tu-2023-tinh-uy-tay-ninh"
# Of the password "mat khau cua an"; made with few rounds, so that the tests need not wait.
SECRET = "0123456789abcdef" * 4


class Proxy:
    """What nginx does in docs/mang-noi-bo.md: takes the prefix off, names the host, passes the rest on."""

    def __init__(self, base: Path, intranet: Intranet) -> None:
        self.datasette = make_datasette(base, intranet)
        self.app = _door(self.datasette, Running("http://127.0.0.1:8001/", "x"), intranet)
        self.jar: dict[str, str] = {}

    def ask(self, method: str, address: str, **more) -> httpx.Response:
        async def app(scope, receive, send):
            path, raw = scope["path"], scope["raw_path"].decode()
            assert path.startswith(PREFIX), path
            stripped = {"path": "/" + path.removeprefix(PREFIX), "raw_path": ("/" + raw.removeprefix(PREFIX)).encode()}
            await self.app({**scope, **stripped, "scheme": "http"}, receive, send)

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 1))
            async with httpx.AsyncClient(transport=transport, base_url=SITE, cookies=self.jar) as http:
                answer = await http.request(method, address, **more)
            for cookie in map(SimpleCookie, answer.headers.get_list("set-cookie")):
                self.jar.update((name, one.value) for name, one in cookie.items())
            self.jar = {name: value for name, value in self.jar.items() if value}
            return answer

        return asyncio.run(send())

    def get(self, address: str, **more) -> httpx.Response:
        return self.ask("GET", urljoin(PREFIX, address), **more)

    def sign_in(self, name: str, password: str) -> httpx.Response:
        page = self.get("-/login")
        form = {"username": name, "password": password, "csrftoken": reader_of_tokens(page.text)}
        return self.ask("POST", f"{PREFIX}-/login", data=form)


def reader_of_tokens(html: str) -> str:
    return html.partition('name="csrftoken" value="')[2].partition('"')[0]


def open_to_all(**more) -> Intranet:
    return Intranet(**{"root": PREFIX, "hosts": (HOST,), "accounts": {}, "sql": (), "secret": "", **more})


@pytest.fixture(scope="module")
def site(plan_base):
    return Proxy(plan_base, open_to_all())


@pytest.fixture
def guarded(plan_base):
    utils = pytest.importorskip("datasette_auth_passwords.utils", reason="the extra [noi-bo] is not installed")
    accounts = {name: utils.hash_password(f"mat khau cua {name}") for name in ("an", "binh")}
    return Proxy(plan_base, open_to_all(accounts=accounts, sql=("an",), secret=SECRET))


# --- the prefix -----------------------------------------------------------------------------------


def crawl(site: Proxy, limit: int) -> dict[str, httpx.Response]:
    """Follow every link from the first page, ours before those of the stock pages, up to ``limit`` of each."""
    ours, stock, seen = [PREFIX], [], {}
    asked = {"ours": 0, "stock": 0}
    while ours or stock:
        kind, path = ("ours", ours.pop(0)) if ours else ("stock", stock.pop(0))
        if path in seen or asked[kind] >= limit:
            continue
        asked[kind] += 1
        seen[path] = answer = site.ask("GET", path)
        if answer.status_code != 200 or "html" not in answer.headers["content-type"]:
            continue
        for link in reader(answer.text).links:
            target = urljoin(SITE + path, link).split("#")[0]
            if link.startswith(("data:", "#")):
                continue
            assert target.startswith(SITE + PREFIX), (path, link)
            rest = target.removeprefix(SITE)
            (stock if rest.startswith((f"{PREFIX}cancu", f"{PREFIX}-/")) else ours).append(rest)
    return seen


def test_every_link_stays_under_the_prefix_and_none_is_dead(site):
    pages = crawl(site, limit=170)
    assert len(pages) > 300
    assert sum(path.startswith(f"{PREFIX}cancu/") for path in pages) > 100, "tables with facets, sorting, exports"
    assert {path: a.status_code for path, a in pages.items() if a.status_code != 200} == {}
    assert not any(f"{PREFIX}can-cu/" in path for path in pages), "no prefix is doubled"
    for path, answer in pages.items():
        for name, value in HEADERS:
            assert answer.headers[name.decode()] == value.decode(), path


def test_searches_and_redirects_stay_under_the_prefix(site):
    page = site.get("tim?q=08-NQ/TU")
    assert f'action="{PREFIX}tim"' in page.text and f'href="{PREFIX}{NQ08}"' in page.text
    answer = site.get("truy-vet?q=II.1.3.1")
    assert answer.status_code == 302 and answer.headers["location"].startswith(f"{PREFIX}nhiem-vu/")


def test_the_policy_allows_nothing_foreign(site):
    policy = site.get("").headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'self'" and rules["object-src"] == "'none'" and rules["form-action"] == "'self'"
    assert {word for rule in rules.values() for word in rule.split()} <= {
        "'self'",
        "'none'",
        "'unsafe-inline'",
        "data:",
    }


def test_every_answer_carries_the_policy(guarded):
    for address in (
        "",
        "khong-co",
        "cancu",
        "cancu/van_ban",
        "-/login",
        "-/metadata",
        "-/static/app.css",
        "tinh/cancu.css",
    ):
        answer = guarded.get(address)
        assert "default-src 'self'" in answer.headers["content-security-policy"], address


def test_only_the_names_of_the_office_are_answered(site):
    assert site.get("", headers={"host": HOST.upper()}).status_code == 200
    assert site.get("", headers={"host": f"{HOST}:8443"}).status_code == 200
    assert site.get("", headers={"host": "minh-hoa.example"}).status_code == 421


# --- accounts -------------------------------------------------------------------------------------


def test_nothing_is_shown_before_the_login(guarded):
    for address in ("", NQ08, "tim?q=08", "xuat/csv/kho", "ra-soat", "danh-sach/ra-soat.csv", "so-do/" + NQ08, "cancu",
                    "cancu/van_ban", "cancu/nhiem_vu_chua_co_can_cu_so"):  # fmt: skip
        answer = guarded.get(address)
        assert answer.status_code == 302 and answer.headers["location"] == f"{PREFIX}-/login", address
    for address in ("cancu.json", "cancu/van_ban.json", "cancu/van_ban.csv", ".json", "them-van-ban"):
        answer = guarded.get(address)
        assert answer.status_code in (302, 403, 404) and "08-NQ/TU" not in answer.text, address
    login = guarded.get("-/login")
    assert login.status_code == 200 and "Tây Ninh" not in login.text and "ke-hoach" not in login.text
    assert guarded.get("tinh/cancu.css").status_code == 200


def test_the_login_speaks_vietnamese_and_leads_to_the_first_page(guarded):
    assert "Đăng nhập" in guarded.get("-/login").text and "Log in" not in guarded.get("-/login").text
    wrong = guarded.sign_in("an", "sai")
    assert wrong.status_code == 200 and "Tên hoặc mật khẩu không đúng." in wrong.text
    assert guarded.get("").status_code == 302
    right = guarded.sign_in("an", "mat khau cua an")
    assert right.status_code == 302 and right.headers["location"] == PREFIX
    page = guarded.get("")
    assert page.status_code == 200 and "Đăng xuất (an)" in page.text
    assert guarded.get("cancu/van_ban").status_code == 200 and "Đăng xuất (an)" in guarded.get("cancu/van_ban").text
    out = guarded.get("-/logout")
    assert "Đăng xuất" in out.text and "Log out" not in out.text and "logged in" not in out.text
    guarded.ask("POST", f"{PREFIX}-/logout", data={"csrftoken": reader_of_tokens(out.text)})
    assert guarded.get("").status_code == 302


def test_a_login_outlives_the_server(guarded, plan_base):
    guarded.sign_in("binh", "mat khau cua binh")
    plugins = guarded.datasette.metadata("plugins")["datasette-auth-passwords"]
    accounts = {name.removesuffix("_password_hash"): value for name, value in plugins.items()}
    later = Proxy(plan_base, open_to_all(accounts=accounts, secret=SECRET))
    later.jar = guarded.jar
    assert later.get("").status_code == 200


def test_free_sql_is_for_named_people_only(guarded, site):
    sql = "cancu?sql=select+1+as+mot"
    assert site.get(sql).status_code == 403, "without accounts nobody is named"
    assert guarded.get(sql).headers["location"] == f"{PREFIX}-/login"
    guarded.sign_in("binh", "mat khau cua binh")
    refused = guarded.get(sql)
    assert refused.status_code == 403 and "SQL" in refused.text
    assert guarded.get("cancu.json?sql=select+1+as+mot").status_code == 403
    assert guarded.get("cancu/van_ban?_where=1=1").status_code in (400, 403)
    assert guarded.get("cancu/nhiem_vu_chua_co_can_cu_so").status_code == 200, "prepared questions are for all"
    guarded.jar = {}
    guarded.sign_in("an", "mat khau cua an")
    answer = guarded.get("cancu.json?sql=select+1+as+mot&_shape=array")
    assert answer.status_code == 200 and answer.json() == [{"mot": 1}]


def test_the_workshop_is_closed_to_everybody(guarded):
    guarded.sign_in("an", "mat khau cua an")
    for name in ("metadata", "metadata.json", "settings.json", "databases.json", "plugins.json", "password-tool",
                 "permissions", "allow-debug", "threads.json"):  # fmt: skip
        for address in (f"{PREFIX}-/{name}", f"{PREFIX}can-cu/-/{name}", f"{PREFIX}%2D/{name}"):
            answer = guarded.ask("GET", address)
            assert answer.status_code == 404, address
    pages = [guarded.get(a).text for a in ("", "cancu", "cancu.json", ".json", "cancu/van_ban.json")]
    assert not any("pbkdf2" in page or "_password_hash" in page for page in pages)


# --- the file -------------------------------------------------------------------------------------

HASH = "pbkdf2_sha256$480000$abc$" + "A" * 43 + "="
GOOD = {
    "duong_dan": PREFIX,
    "ten_may": [HOST],
    "tai_khoan": {"an": HASH},
    "duoc_viet_sql": ["an"],
    "khoa_phien": SECRET,
}


@pytest.mark.parametrize(("change", "words"), [
    ({"duong_dan": "can-cu"}, "duong_dan"),
    ({"duong_dan": "/can-cu"}, "kết thúc bằng"),
    ({"duong_dan": "/a b/"}, "duong_dan"),
    ({"ten_may": []}, "ten_may"),
    ({"ten_may": "x"}, "ten_may"),
    ({"ten_may": ["http://x"]}, "ten_may"),
    ({"tai_khoan": {"an": "mat khau"}}, "hash-password"),
    ({"tai_khoan": {"ông An": HASH}}, "chữ không dấu"),
    ({"duoc_viet_sql": ["ai"]}, "duoc_viet_sql"),
    ({"khoa_phien": "ngắn"}, "khoa_phien"),
    ({"khac": 1}, "mục lạ: khac"),
])  # fmt: skip
def test_faults_of_the_file_are_told(change, words, tmp_path):
    path = tmp_path / "noi-bo.json"
    path.write_text(json.dumps({**GOOD, **change}, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(IntranetError, match=words):
        read_intranet(path)


def test_a_file_that_is_none_is_told(tmp_path):
    with pytest.raises(IntranetError, match="Không mở được"):
        read_intranet(tmp_path / "khong-co.json")
    for content in ("{", "[]", '"x"'):
        (tmp_path / "noi-bo.json").write_text(content)
        with pytest.raises(IntranetError):
            read_intranet(tmp_path / "noi-bo.json")


def test_accounts_need_the_extra(tmp_path, monkeypatch):
    path = tmp_path / "noi-bo.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8-sig")
    monkeypatch.setattr("publish.intranet._has_plugin", lambda: False)
    with pytest.raises(IntranetError, match=r"\[noi-bo\]"):
        read_intranet(path)
    monkeypatch.setattr("publish.intranet._has_plugin", lambda: True)
    assert read_intranet(path).accounts == {"an": HASH}


def test_editing_and_sharing_exclude_each_other(tmp_path):
    command = [sys.executable, "-c", "from publish.cli import main; main()", "serve", "--edit", "--noi-bo", "x.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 2 and "--noi-bo" in done.stderr


# --- the page that tells how ------------------------------------------------------------------------


def test_the_file_in_the_document_is_a_good_one(tmp_path, monkeypatch):
    monkeypatch.setattr("publish.intranet._has_plugin", lambda: True)
    text = (ROOT / "docs" / "mang-noi-bo.md").read_text(encoding="utf-8")
    (tmp_path / "noi-bo.json").write_text(text.partition("```json\n")[2].partition("```")[0], encoding="utf-8")
    intranet = read_intranet(tmp_path / "noi-bo.json")
    assert intranet.root == PREFIX and intranet.hosts == (HOST,)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_takes_the_configuration_of_the_document(plan_base, tmp_path):
    """The real proxy, on loopback, with the lines of the document; TLS and names are replaced by what a test has."""
    text = (ROOT / "docs" / "mang-noi-bo.md").read_text(encoding="utf-8")
    server = text.partition("```nginx\n")[2].partition("```")[0]
    ports = [unused_port(), unused_port()]
    location = server[server.index("    location /can-cu/") : server.rindex("}")].replace("8001", str(ports[0]))
    zone = text[text.index("limit_req_zone") :].partition("\n")[0]
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ {zone} access_log off; client_body_temp_path {tmp_path}/a; proxy_temp_path {tmp_path}/b;"
        f" fastcgi_temp_path {tmp_path}/c; uwsgi_temp_path {tmp_path}/d; scgi_temp_path {tmp_path}/e;\n"
        f"server {{ listen 127.0.0.1:{ports[1]};\n{location}\n}} }}\n"
    )
    (tmp_path / "noi-bo.json").write_text(json.dumps({"duong_dan": PREFIX, "ten_may": [HOST]}))
    code = "from publish.cli import main; main()"
    serve = [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}",
        "serve",
        "--db",
        str(plan_base),
    ]
    cancu = subprocess.Popen(
        [*serve, "--port", str(ports[0]), "--noi-bo", "noi-bo.json"], cwd=tmp_path, stderr=subprocess.PIPE
    )
    nginx = subprocess.Popen(["nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], stderr=subprocess.PIPE)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{ports[1]}", headers={"host": HOST}) as http:
            answer = _answer(http, PREFIX)
            assert answer.status_code == 200 and f'href="{PREFIX}ra-soat"' in answer.text
            links = [
                urljoin(PREFIX, link).split("#")[0] for link in reader(http.get(f"{PREFIX}cancu/nhiem_vu").text).links
            ]
            inside = sorted(
                {urlsplit(link)._replace(scheme="", netloc="").geturl() for link in links if link[:5] != "data:"}
            )
            assert len(inside) > 40 and all(link.startswith(PREFIX) for link in inside)
            assert {link: s for link in inside if (s := http.get(link).status_code) != 200} == {}
            assert http.get(f"{PREFIX}{NQ08}").status_code == 200 and http.get("/").status_code in (403, 404)
            assert http.get(f"{PREFIX}-/metadata.json").status_code == 404
    finally:
        for process in (nginx, cancu):
            process.terminate()
            process.wait(20)
            process.stderr.close()


def _answer(http: httpx.Client, path: str) -> httpx.Response:
    for _ in range(150):
        try:
            answer = http.get(path)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code != 502:
            return answer
        time.sleep(0.1)
    pytest.fail("nginx or the server did not answer")
