// Raw bytes over a real socket: what the guard, the parser and the connection make of them together.

#include "server/http/guard.hpp"
#include "tests/http/live_server.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

namespace cadenza::http {
namespace {

using namespace std::string_literals;
using Statuses = std::vector<int>;

struct Row {
    std::string name;
    std::string bytes;
    Statuses statuses;  // of the answers, in order; empty: closed without one
};

// What a body would do if it were taken for the next request.
const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string smuggled_size = std::to_string(smuggled.size());

std::string chunk(const std::string& data) {
    constexpr std::string_view hex = "0123456789abcdef";
    const auto size = data.size();
    return std::string{hex[size >> 4 & 0xF], hex[size & 0xF]} + "\r\n" + data + "\r\n";
}

// A POST with these field lines and `body` as it stands.
std::string post(const std::string& fields, const std::string& body = smuggled) {
    return "POST /ok HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body;
}

std::string get(const std::string& fields) { return "GET /ok HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n"; }
std::string get_target(const std::string& target) { return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n"; }
std::string get_host(const std::string& host) { return "GET /ok HTTP/1.1\r\n" + host + "\r\n"; }

std::string repeated(int count, const std::string& text) {
    std::string out;
    for (int i = 0; i < count; ++i) out += text;
    return out;
}

const std::vector<Row>& framings() {
    static const std::string chunked = "Transfer-Encoding: chunked\r\n";
    static const std::string length = "Content-Length: " + smuggled_size + "\r\n";
    static const std::string whole = chunk(smuggled) + "0\r\n\r\n";
    static const std::vector<Row> rows{
        {"TE gzip", post("Transfer-Encoding: gzip\r\n"), {501}},
        {"TE identity", post("Transfer-Encoding: identity\r\n"), {501}},
        {"TE deflate with chunks", post("Transfer-Encoding: deflate\r\n", whole), {501}},
        {"TE xchunked", post("Transfer-Encoding: xchunked\r\n", whole), {501}},
        {"TE chunkedx", post("Transfer-Encoding: chunkedx\r\n", whole), {400}},
        {"TE chunked, gzip", post("Transfer-Encoding: chunked, gzip\r\n", whole), {400}},
        {"TE gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", whole), {501}},
        {"TE chunked, chunked", post("Transfer-Encoding: chunked, chunked\r\n", whole), {400}},
        {"TE chunked;q=1", post("Transfer-Encoding: chunked;q=1\r\n", whole), {400}},
        {"TE quoted", post("Transfer-Encoding: \"chunked\"\r\n", whole), {501}},
        {"TE empty", post("Transfer-Encoding:\r\n", whole), {501}},
        {"TE twice", post(chunked + chunked, whole), {400}},
        {"TE chunked and gzip on two lines", post(chunked + "Transfer-Encoding: gzip\r\n", whole), {400}},
        {"TE gzip and chunked on two lines", post("Transfer-Encoding: gzip\r\n" + chunked, whole), {400}},
        {"TE gzip, then CL", post("Transfer-Encoding: gzip\r\n" + length), {400}},
        {"CL, then TE gzip", post(length + "Transfer-Encoding: gzip\r\n"), {400}},
        {"TE chunked, then CL", post(chunked + length, whole), {400}},
        {"CL, then TE chunked", post(length + chunked, whole), {400}},
        {"CL 0, then TE chunked", post("Content-Length: 0\r\n" + chunked, whole), {400}},
        {"TE chunked on HTTP/1.0", "POST /ok HTTP/1.0\r\nHost: h\r\n" + chunked + "\r\n" + whole, {400}},
        {"space before the colon of TE", post("Transfer-Encoding : chunked\r\n", whole), {400}},
        {"TE with a vertical tab", post("Transfer-Encoding:\vchunked\r\n", whole), {400}},
        {"TE folded", post("Transfer-Encoding:\r\n chunked\r\n", whole), {400}},
        {"Transfer_Encoding", post("Transfer_Encoding: chunked\r\n", whole), {400}},
        {"CL twice, equal", post(length + length), {400}},
        {"CL twice, different", post("Content-Length: 0\r\n" + length), {400}},
        {"CL as a list", post("Content-Length: " + smuggled_size + ", " + smuggled_size + "\r\n"), {400}},
        {"CL with a plus", post("Content-Length: +" + smuggled_size + "\r\n"), {400}},
        {"CL with a minus", post("Content-Length: -" + smuggled_size + "\r\n"), {400}},
        {"CL in hex", post("Content-Length: 0x23\r\n"), {400}},
        {"CL with a fraction", post("Content-Length: 35.0\r\n"), {400}},
        {"CL empty", post("Content-Length:\r\n"), {400}},
        {"CL with a space within", post("Content-Length: 3 5\r\n"), {400}},
        {"CL over 64 bits", post("Content-Length: 18446744073709551651\r\n"), {400}},
        {"CL of 64 bits", post("Content-Length: 18446744073709551615\r\n"), {413}},
        {"CL folded", post("Content-Length:\r\n " + smuggled_size + "\r\n"), {400}},
        {"space before the colon of CL", post("Content-Length : " + smuggled_size + "\r\n"), {400}},
        {"GET with a body", get(length) + smuggled, {400}},
        {"GET with chunks", get(chunked) + whole, {400}},
        {"HEAD with a body", "HEAD /ok HTTP/1.1\r\nHost: h\r\n" + length + "\r\n" + smuggled, {400}},
        {"OPTIONS with a body", "OPTIONS /ok HTTP/1.1\r\nHost: h\r\n" + length + "\r\n" + smuggled, {400}},
        {"chunk size with a plus", post(chunked, "+23\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size with a minus", post(chunked, "-23\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size with 0x", post(chunked, "0x23\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size with a space before", post(chunked, " 23\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size of 17 digits",
         post(chunked, "10000000000000023\r\n" + smuggled + "\r\n0\r\n\r\n"),
         {400}},
        {"chunk size missing", post(chunked, "\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size before a bare LF", post(chunked, "23\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size too small", post(chunked, "22\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk longer than it says", post(chunked, "1\r\nab\r\n0\r\n\r\n"), {400}},
        {"chunk ended by a bare LF", post(chunked, "1\r\na\n0\r\n\r\n"), {400}},
        {"chunk extension with a bare LF", post(chunked, "1;a\nb\r\na\r\n0\r\n\r\n"), {400}},
        {"chunk extension with NUL", post(chunked, "1;a\0\r\na\r\n0\r\n\r\n"s), {400}},
        {"64 KB of chunk extension",
         post(chunked, "1;" + std::string(64 * 1024, 'x') + "\r\na\r\n0\r\n\r\n"),
         {400}},
        {"64 KB of chunk extensions",
         post(chunked, repeated(64, "1;" + std::string(1024, 'x') + "\r\na\r\n") + "0\r\n\r\n"),
         {400}},
        {"64 KB of trailers",
         post(chunked, "1\r\na\r\n0\r\n" + repeated(1024, "X: " + std::string(59, 'x') + "\r\n") + "\r\n"),
         {400}},
        {"a trailer with a bare LF", post(chunked, "0\r\nX: 1\nY: 2\r\n\r\n"), {400}},
        {"chunks above the limit",
         post(chunked, repeated(40, "400\r\n" + std::string(1024, 'x') + "\r\n") + "0\r\n\r\n"),
         {413}},
        {"CL above the limit", post("Content-Length: 32769\r\n", std::string(32769, 'x')), {413}},
        {"a cut body", post(length, "GET"), {400}},
        {"cut chunks", post(chunked, "23\r\nGET"), {400}},
        {"chunks without the last one", post(chunked, chunk(smuggled)), {400}},

        {"a body by length", post(length), {200}},
        {"a body in one chunk", post(chunked, whole), {200}},
        {"a body in chunks of one byte",
         post(chunked, "1\r\nG\r\n1;x=y\r\nE\r\n2\r\nT \r\n0\r\n\r\n"),
         {200}},
        {"TE in capitals", post("TRANSFER-ENCODING: Chunked\r\n", whole), {200}},
        {"CL with leading zeros", post("Content-Length: 00" + smuggled_size + "\r\n"), {200}},
        {"CL with spaces around", post("Content-Length:  " + smuggled_size + " \r\n"), {200}},
        {"GET with CL 0", get("Content-Length: 0\r\n"), {200}},
        {"DELETE with a body", "DELETE /ok HTTP/1.1\r\nHost: h\r\n" + length + "\r\n" + smuggled, {200}},
        {"POST without a length", post("", ""), {200}},
        {"trailers", post(chunked, chunk(smuggled) + "0\r\nCookie: sid=stolen\r\nX: y\r\n\r\n"), {200}},
        {"two requests, the first with a body", post(length) + get(""), {200, 200}},
        {"two requests, the first in chunks", post(chunked, whole) + get(""), {200, 200}},
    };
    return rows;
}

const std::vector<Row>& heads() {
    static const std::vector<Row> rows{
        {"no Host", "GET /ok HTTP/1.1\r\n\r\n", {400}},
        {"no Host on HTTP/1.0", "GET /ok HTTP/1.0\r\n\r\n", {400}},
        {"two Hosts", get_host("Host: h\r\nHost: h\r\n"), {400}},
        {"Host empty", get_host("Host:\r\n"), {400}},
        {"Host as a path", get_host("Host: a/../b\r\n"), {400}},
        {"Host as a list", get_host("Host: a, b\r\n"), {400}},
        {"Host with a user", get_host("Host: me@h\r\n"), {400}},
        {"Host with an empty port", get_host("Host: h:\r\n"), {400}},
        {"Host with a port out of range", get_host("Host: h:65536\r\n"), {400}},
        {"Host with two ports", get_host("Host: h:1:2\r\n"), {400}},
        {"Host with rubbish behind the bracket", get_host("Host: [::1]x80\r\n"), {400}},
        {"Host with an open bracket", get_host("Host: [::1\r\n"), {400}},
        {"Host with a percent escape", get_host("Host: h%2e\r\n"), {400}},
        {"a field folded", get("X: 1\r\n 2\r\n"), {400}},
        {"a field folded by a tab", get("X: 1\r\n\t2\r\n"), {400}},
        {"the first field begins with a space", "GET /ok HTTP/1.1\r\n Host: h\r\n\r\n", {400}},
        {"space before a colon", get("X : 1\r\n"), {400}},
        {"no colon", get("X\r\n"), {400}},
        {"no name", get(": 1\r\n"), {400}},
        {"a name with an underscore", get("X_Cadenza: 1\r\n"), {400}},
        {"a name with a space", get("X Y: 1\r\n"), {400}},
        {"a name with a byte above 0x7F", get("X\xC3\xA9: 1\r\n"), {400}},
        {"a value with bytes above 0x7F", get("X: \xC3\xA9\r\n"), {400}},
        {"a value with NUL", get("X: a\0b\r\n"s), {400}},
        {"a value with ESC", get("X: \x1B[2J\r\n"), {400}},
        {"a value with DEL", get("X: \x7F\r\n"), {400}},
        {"a bare CR in a value", get("X: a\rY: b\r\n"), {400}},
        {"a bare LF between fields", "GET /ok HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", {400}},
        {"only bare LFs", "GET /ok HTTP/1.1\nHost: h\n\n", {400}},
        {"a bare LF before the blank line", "GET /ok HTTP/1.1\nHost: h\n\r\n", {400}},
        {"a blank line of LF alone", "GET /ok HTTP/1.1\r\nHost: h\r\n\n" + smuggled, {400}},
        {"a blank line of CR alone", "GET /ok HTTP/1.1\r\nHost: h\r\n\r" + smuggled, {400}},
        {"a blank line before the request", "\r\n" + get(""), {400}},
        {"Cookie twice", get("Cookie: a=1\r\nCookie: b=2\r\n"), {400}},
        {"Origin twice", get("Origin: http://a\r\nOrigin: http://b\r\n"), {400}},
        {"X-Cadenza twice", get("X-Cadenza: 1\r\nx-cadenza: 1\r\n"), {400}},
        {"1000 fields", get(repeated(1000, "a:b\r\n")), {431}},
        {"101 fields", get(repeated(100, "a:b\r\n")), {431}},
        {"100 fields", get(repeated(99, "a:b\r\n")), {200}},
        {"a header above the limit", get("X: " + std::string(16 * 1024, 'x') + "\r\n"), {431}},
        {"a header without end", "GET /ok HTTP/1.1\r\nX: " + std::string(32 * 1024, 'x'), {431}},
        {"an unknown expectation", get("Expect: 200-ok\r\n"), {417}},
        {"an unknown method", "BREW /ok HTTP/1.1\r\nHost: h\r\n\r\n", {501}},
        {"a method of 36 letters", std::string(36, 'A') + " /ok HTTP/1.1\r\nHost: h\r\n\r\n", {501}},
        {"a method in small letters", "get /ok HTTP/1.1\r\nHost: h\r\n\r\n", {501}},
        {"TRACE", "TRACE /ok HTTP/1.1\r\nHost: h\r\n\r\n", {501}},
        {"CONNECT", "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", {501}},
        {"a method with a bracket", "GE(T /ok HTTP/1.1\r\nHost: h\r\n\r\n", {400}},
        {"HTTP/0.9", "GET /ok\r\n\r\n", {400}},
        {"HTTP/0.9 with a version", "GET /ok HTTP/0.9\r\nHost: h\r\n\r\n", {505}},
        {"HTTP/1.2", "GET /ok HTTP/1.2\r\nHost: h\r\n\r\n", {505}},
        {"HTTP/2.0", "GET /ok HTTP/2.0\r\nHost: h\r\n\r\n", {505}},
        {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {505}},
        {"http/1.1", "GET /ok http/1.1\r\nHost: h\r\n\r\n", {400}},
        {"two spaces", "GET  /ok HTTP/1.1\r\nHost: h\r\n\r\n", {400}},
        {"a tab for a space", "GET\t/ok HTTP/1.1\r\nHost: h\r\n\r\n", {400}},
        {"a space at the end", "GET /ok HTTP/1.1 \r\nHost: h\r\n\r\n", {400}},
        {"a space in the target", get_target("/o k"), {400}},
        {"TLS to a plain port", "\x16\x03\x01\x02\x01\x01\r\n\r\n", {400}},

        {"absolute-form", get_target("http://h/ok"), {400}},
        {"authority-form", get_target("h:80"), {400}},
        {"asterisk with GET", get_target("*"), {400}},
        {"a path without its slash", get_target("ok"), {400}},
        {"a fragment", get_target("/ok#x"), {400}},
        {"a byte above 0x7F in the path", get_target("/ok\xE9"), {400}},
        {"a byte above 0x7F in the query", get_target("/ok?\xE9"), {400}},
        {"a backslash", get_target("/ok\\x"), {400}},
        {"%2F", get_target("/a%2Fok"), {400}},
        {"%2f", get_target("/a%2fok"), {400}},
        {"%5C", get_target("/a%5Cok"), {400}},
        {"%00", get_target("/ok%00"), {400}},
        {"%0A", get_target("/ok%0A"), {400}},
        {"%25", get_target("/%252e%252e/ok"), {400}},
        {"a broken escape", get_target("/ok%zz"), {400}},
        {"a cut escape", get_target("/ok%4"), {400}},
        {"..", get_target("/a/../ok"), {400}},
        {".. at the end", get_target("/ok/.."), {400}},
        {".", get_target("/./ok"), {400}},
        {"%2e%2e", get_target("/a/%2e%2e/ok"), {400}},
        {".%2E", get_target("/a/.%2E/ok"), {400}},
        {"//", get_target("//h/ok"), {400}},
        {"// within", get_target("/a//ok"), {400}},
        {"a target above the limit", get_target("/" + std::string(8 * 1024, 'x')), {414}},

        {"a plain GET", get(""), {200}},
        {"HTTP/1.0", "GET /ok HTTP/1.0\r\nHost: h\r\n\r\n", {200}},
        {"HEAD", "HEAD /ok HTTP/1.1\r\nHost: h\r\n\r\n", {200}},
        {"asterisk with OPTIONS", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", {200}},
        {"Host with a port", get_host("Host: h.example:8000\r\n"), {200}},
        {"Host as an address", get_host("Host: [::1]:80\r\n"), {200}},
        {"Host as an address without port", get_host("hOST: [fe80::1]\r\n"), {200}},
        {"no space after the colon", get_host("Host:h\r\n"), {200}},
        {"an empty value", get("X:\r\n"), {200}},
        {"a tab in a value", get("X: a\tb\r\n"), {200}},
        {"a long target", get_target("/" + std::string(8 * 1024 - 1, 'x')), {200}},
        {"dots in a name", get_target("/a..b/.well-known/..."), {200}},
        {"a query with everything", get_target("/ok?a=../..//%2f%00&b=?/:@"), {200}},
        {"two requests", get("") + get(""), {200, 200}},
        {"a request and rubbish", get("") + "\x01\x02\r\n\r\n", {200, 400}},
        {"a request and half of one", get("") + "GET /smuggled HTTP/1.1\r\nHost", {200}},
        {"nothing follows Connection: close", get("Connection: keep-alive, Close\r\n") + smuggled, {200}},
        {"nothing follows HTTP/1.0",
         "GET /ok HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n" + smuggled,
         {200}},
        {"nothing follows a refusal", "BREW /ok HTTP/1.1\r\nHost: h\r\n\r\n" + smuggled, {501}},
    };
    return rows;
}

// Sends the row; checks the answers, that nothing was cut by a reset, and that no body became a request.
void check(const Row& row) {
    CAPTURE(row.name);
    LiveServer server({.limits = {.body_bytes = 32 * 1024}});
    Peer peer(server.port());
    const bool taken = peer.send(row.bytes);
    peer.finish();
    const auto raw = peer.read_all();

    Statuses statuses;
    const bool head = row.bytes.starts_with("HEAD");
    for (const auto& answer : answers_in(raw, {head ? "HEAD" : "GET"})) {
        statuses.push_back(answer.status);
        if (answer.status != 200) CHECK(answer.field("connection") == "close");
    }
    CHECK(statuses == row.statuses);
    CHECK(taken);
    CHECK_FALSE(peer.was_reset());
    const auto requests = server.requests();
    CHECK(requests.size() == static_cast<std::size_t>(std::count(statuses.begin(), statuses.end(), 200)));
    for (const auto& request : requests) {
        CHECK(request.path != "/smuggled");
        CHECK(request.headers.count("Cookie") == 0);
    }
}

TEST_CASE("a body ends where it says, or the request is refused") {
    REQUIRE(framings().size() >= 69);
    for (const auto& row : framings()) check(row);
}

TEST_CASE("a header that two readers could understand in two ways is refused") {
    for (const auto& row : heads()) check(row);
}

TEST_CASE("what is refused stays refused when it comes in pieces") {
    LiveServer server({.limits = {.body_bytes = 32 * 1024}});
    for (const auto& row : framings()) {
        if (row.bytes.size() > 1024) continue;
        CAPTURE(row.name);
        Peer peer(server.port());
        for (const char c : row.bytes)
            if (!peer.send({&c, 1})) break;
        peer.finish();
        Statuses statuses;
        const bool head = row.bytes.starts_with("HEAD");
        for (const auto& answer : answers_in(peer.read_all(), {head ? "HEAD" : "GET"}))
            statuses.push_back(answer.status);
        CHECK(statuses == row.statuses);
    }
    for (const auto& request : server.requests()) CHECK(request.path == "/ok");
}

TEST_CASE("a body reaches the handler as it was sent") {
    LiveServer server;
    const auto body = "1\r\nG\r\n2;name=\"v\"\r\n\r\n\r\n0\r\nTrailer: x\r\n\r\n";

    const auto raw = ask(server, post("Transfer-Encoding: chunked\r\n", body));

    REQUIRE(server.requests().size() == 1);
    CHECK(server.requests()[0].body == "G\r\n");
    CHECK(server.requests()[0].headers.count("Trailer") == 0);
    CHECK(answers_in(raw)[0].body == "G\r\n");
}

TEST_CASE("a request reaches the handler taken apart") {
    LiveServer server;
    ask(server, "GET /a%20b/%C3%A9?x=%20y HTTP/1.1\r\nHost: h:80\r\nX-A: 1\r\nx-a: 2\r\n\r\n");

    REQUIRE(server.requests().size() == 1);
    const auto request = server.requests()[0];
    CHECK(request.method == Method::get);
    CHECK(request.path == "/a b/é");
    CHECK(request.query == "x=%20y");
    CHECK(request.header("x-A") == "1");
    CHECK(request.headers.count("X-a") == 2);
    CHECK(request.remote == "127.0.0.1");
}

}  // namespace
}  // namespace cadenza::http
