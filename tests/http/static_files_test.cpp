#include "server/http/static_files.hpp"

#include "server/base/crypto.hpp"
#include "server/http/guard.hpp"
#include "tests/http/live_server.hpp"
#include "tests/support/catch.hpp"

#include <filesystem>
#include <fstream>

namespace cadenza::http {
namespace {

namespace fs = std::filesystem;

// A folder with a small built site, and a file beside it that nobody may read.
class Site {
public:
    Site() : root_(fs::temp_directory_path() / ("cadenza-site-" + server::random_token(9))) {
        write("../secret.txt", "secret");
        write("index.html", "<!doctype html>");
        write("assets/main-0a1b2c3d4e5f.js", "plain js");
        write("assets/main-0a1b2c3d4e5f.js.br", "brotli js");
        write("assets/main-0a1b2c3d4e5f.js.gz", "gzip js");
        write("sw.js", "worker");
        write("sw.js.gz", "gzip worker");
        write("lonely.br", "no such file");
    }
    ~Site() { fs::remove_all(root_); }
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    fs::path folder() const { return root_ / "site"; }
    void write(const std::string& path, const std::string& content) const {
        const auto file = folder() / path;
        fs::create_directories(folder());
        fs::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << content;
    }
    StaticFiles load() const {
        auto files = StaticFiles::load(folder().string());
        REQUIRE(files);
        return std::move(*files);
    }

private:
    fs::path root_;
};

constexpr auto* script = "/assets/main-0a1b2c3d4e5f.js";

Response get(const StaticFiles& files, std::string_view path, Headers fields = {}) {
    return files.answer({.path = std::string(path), .headers = std::move(fields)}, path);
}

std::string field(const Response& response, std::string_view name) {
    return std::string(response.headers.find(name).value_or(""));
}

TEST_CASE("names with a hash are kept for a year, all else is asked for again") {
    const Site site;
    const auto [path, cached] = GENERATE(table<std::string, bool>({
        {"/assets/main-0a1b2c3d4e5f.js", true},
        {"/assets/main.3f2a1b9c.css", true},
        {"/sw.js", false},
        {"/index.html", false},
        {"/screenshots/wide-1280x720.png", false},
        {"/icons/icon-512.png", false},
        {"/deadbeef.js", false},
        {"/a-feedface.js", false},
        {"/a-1234567.js", false},
        {"/12345678/a.js", false},
        {"/config.json", false},
    }));
    CAPTURE(path);
    site.write(path.substr(1), "x");
    const auto response = get(site.load(), path);
    CHECK(response.status == 200);
    CHECK(field(response, "Cache-Control") == (cached ? "public, max-age=31536000, immutable" : "no-cache"));
}

TEST_CASE("a file has the type its name says") {
    const Site site;
    const auto [name, type] = GENERATE(table<std::string, std::string>({
        {"a.html", "text/html; charset=utf-8"},
        {"a.js", "text/javascript; charset=utf-8"},
        {"a.css", "text/css; charset=utf-8"},
        {"a.wasm", "application/wasm"},
        {"a.json", "application/json"},
        {"a.webmanifest", "application/manifest+json"},
        {"a.svg", "image/svg+xml"},
        {"a.png", "image/png"},
        {"a.webp", "image/webp"},
        {"a.woff2", "font/woff2"},
        {"a.txt", "text/plain; charset=utf-8"},
        {"a.js.exe", "application/octet-stream"},
        {"html", "application/octet-stream"},
    }));
    CAPTURE(name);
    site.write(name, "x");
    CHECK(field(get(site.load(), "/" + name), "Content-Type") == type);
}

TEST_CASE("the best encoding the browser takes is sent") {
    const Site site;
    const auto files = site.load();
    const auto [wanted, coding, body] = GENERATE(table<std::string, std::string, std::string>({
        {"", "", "plain js"},
        {"br", "br", "brotli js"},
        {"gzip", "gzip", "gzip js"},
        {"gzip, deflate, br, zstd", "br", "brotli js"},
        {"gzip;q=1.0, br;q=0.5", "br", "brotli js"},
        {"br;q=0, gzip", "gzip", "gzip js"},
        {"br;q=0.000, gzip ; q=0.5", "gzip", "gzip js"},
        {"br;q=0,gzip;q=0", "", "plain js"},
        {"br;Q=0, GZIP", "gzip", "gzip js"},
        {"BR", "br", "brotli js"},
        {"*", "br", "brotli js"},
        {"br;q=0, *", "gzip", "gzip js"},
        {"*;q=0", "", "plain js"},
        {"*;q=0, gzip", "gzip", "gzip js"},
        {"identity", "", "plain js"},
        {"brotli, xgzip, gzipx", "", "plain js"},
        {",,;q=1,", "", "plain js"},
    }));
    CAPTURE(wanted);
    const auto response = get(files, script, {{"Accept-Encoding", wanted}});
    CHECK(field(response, "Content-Encoding") == coding);
    CHECK(response.content() == body);
    CHECK(field(response, "Vary") == "Accept-Encoding");
    CHECK(field(response, "Content-Type") == "text/javascript; charset=utf-8");
}

TEST_CASE("every encoding has a tag of its own, and a known one is not sent again") {
    const Site site;
    const auto files = site.load();
    const auto plain = field(get(files, script), "ETag");
    const auto brotli = field(get(files, script, {{"Accept-Encoding", "br"}}), "ETag");
    CHECK(plain != brotli);
    CHECK(plain.size() == 18);
    CHECK(plain.front() == '"');

    for (const auto& known : {plain, "W/" + plain, "\"x\", " + plain, plain + " , \"x\"", std::string("*")}) {
        CAPTURE(known);
        const auto response = get(files, script, {{"If-None-Match", known}});
        CHECK(response.status == 304);
        CHECK(response.content().empty());
        CHECK(field(response, "ETag") == plain);
        CHECK(field(response, "Vary") == "Accept-Encoding");
        CHECK(field(response, "Cache-Control") == "public, max-age=31536000, immutable");
        CHECK(response.headers.count("Content-Type") == 0);
    }
    for (const auto& other :
         {brotli, plain.substr(1, 16), "\"" + plain + "\"", std::string("x"), std::string(",")}) {
        CAPTURE(other);
        CHECK(get(files, script, {{"If-None-Match", other}}).status == 200);
    }
}

TEST_CASE("a replaced file has its new bytes and tag, and no stale encodings") {
    const Site site;
    auto files = site.load();
    const auto before = field(get(files, "/sw.js"), "ETag");
    CHECK(get(files, "/sw.js", {{"Accept-Encoding", "gzip"}}).content() == "gzip worker");

    files.replace("/sw.js", "new worker");
    files.replace("/config.json", "{}");

    const auto after = get(files, "/sw.js", {{"Accept-Encoding", "gzip"}});
    CHECK(after.content() == "new worker");
    CHECK(after.headers.count("Content-Encoding") == 0);
    CHECK(after.headers.count("Vary") == 0);
    CHECK(field(after, "ETag") != before);
    CHECK(files.content("/sw.js") == "new worker");
    CHECK(field(get(files, "/config.json"), "Content-Type") == "application/json");
}

TEST_CASE("nothing but the listed files can be named") {
    const Site site;
    const auto files = site.load();
    for (const std::string path :
         {"", "/", "index.html", "/nothing", "/../secret.txt", "/assets/../../secret.txt", "/assets",
          "/assets/", "//index.html", "/INDEX.HTML", "/index.html/", "/./index.html", "/lonely.br", "/lonely",
          "/sw.js.gz"}) {
        CAPTURE(path);
        CHECK_FALSE(files.contains(path));
        CHECK(files.content(path).empty());
        const auto response = get(files, path);
        CHECK(response.status == 404);
        CHECK(response.content() == "Not found\n");
    }
    CHECK_FALSE(files.contains(std::string_view("/index.html\0", 12)));
}

TEST_CASE("a link inside the site is a file of the site, one to a folder is not followed") {
    const Site site;
    site.write("../elsewhere/linked.txt", "linked");
    fs::create_symlink(site.folder() / "../elsewhere/linked.txt", site.folder() / "linked.txt");
    fs::create_directory_symlink(site.folder() / "../elsewhere", site.folder() / "folder");
    const auto files = site.load();
    CHECK(files.content("/linked.txt") == "linked");
    CHECK_FALSE(files.contains("/folder/linked.txt"));
}

TEST_CASE("a folder without a page is refused by name") {
    const Site site;
    fs::remove(site.folder() / "index.html");
    for (const auto& folder : {site.folder().string(), site.folder().string() + "/none", std::string()}) {
        const auto files = StaticFiles::load(folder);
        REQUIRE(files.has_error());
        CHECK(files.error() == Error{Errc::not_found, folder + " does not hold a built site"});
    }
}

TEST_CASE("HEAD has the fields of GET, and traversal ends at the guard") {
    const Site site;
    const auto files = site.load();
    LiveServer server({}, [&](Request request) -> asio::awaitable<Response> {
        auto response = files.answer(request, request.path);
        co_return response;
    });
    const std::string host = " HTTP/1.1\r\nHost: h\r\n";
    const auto raw =
        ask(server, "HEAD /sw.js" + host + "\r\nGET /sw.js" + host + "\r\nGET /sw.js" + host +
                        "If-None-Match: *\r\n\r\nGET /assets/..%2f../secret.txt" + host + "\r\n");
    const auto answers = answers_in(raw, {"HEAD"});
    REQUIRE(answers.size() == 4);
    CHECK(answers[0].field("content-length") == "6");
    CHECK(answers[0].field("etag") == answers[1].field("etag"));
    CHECK(answers[1].body == "worker");
    CHECK(answers[2].status == 304);
    CHECK(answers[3].status == 400);
}

}  // namespace
}  // namespace cadenza::http
