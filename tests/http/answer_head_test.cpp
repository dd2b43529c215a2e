#include "server/http/answer_head.hpp"

#include "tests/support/catch.hpp"

namespace cadenza::http {
namespace {

// The field lines, without the date.
std::string lines_of(const Response& response) {
    const auto head = render_head(response, true);
    const auto date = head.find("Date: ");
    return head.substr(0, date) + head.substr(head.find("\r\n", date) + 2);
}

}  // namespace

TEST_CASE("lines that many answers share give way to the answer's own") {
    auto response = Response::text(404, "no\n");
    response.shared_headers =
        std::make_shared<const Headers>(Headers{{"cache-control", "no-store"}, {"X-Frame-Options", "DENY"}});
    const std::string begin = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n";
    CHECK(lines_of(response) ==
          begin + "cache-control: no-store\r\nX-Frame-Options: DENY\r\nContent-Length: 3\r\n\r\n");
    response.headers.add("Cache-Control", "max-age=1");
    CHECK(lines_of(response) == begin +
                                    "Cache-Control: max-age=1\r\nX-Frame-Options: DENY\r\n"
                                    "Content-Length: 3\r\n\r\n");
    response.shared_headers = nullptr;
    CHECK(lines_of(response) == begin + "Cache-Control: max-age=1\r\nContent-Length: 3\r\n\r\n");
}

TEST_CASE("a value with a line break is left out, whoever gave it") {
    auto response = Response::empty();
    response.headers.add("Location", "/\r\nSet-Cookie: x=1");
    response.shared_headers = std::make_shared<const Headers>(Headers{{"X-Other", "a\nb"}});
    CHECK(lines_of(response) == "HTTP/1.1 204 No Content\r\n\r\n");
}

}  // namespace cadenza::http
