// The Cookie field, and the session's cookie in it.
#include "server/http/cookies.hpp"
#include "server/session/session_cookie.hpp"
#include "tests/fuzz/target.hpp"

namespace cadenza::fuzz {
namespace {

using namespace cadenza::http;

http::Request with(std::string cookies) {
    Request request;
    request.headers.add("Cookie", std::move(cookies));
    return request;
}

void run(std::string_view input) {
    const auto request = with(std::string(input));
    const auto cookies = cookies_of(request);
    std::string again;
    for (const auto& [name, value] : cookies) {
        require(!name.empty() && name.find_first_of("=;, \t\r\n\"\\") == name.npos,
                "a name without separators");
        require(value.find_first_of(";, \t\r\n\"\\") == value.npos, "a value without separators");
        again += name + "=" + value + "; ";
        const auto line = render({.name = name, .value = value});
        require(line.starts_with(name + "=" + value + "; Path=/; HttpOnly; Secure"), "set as it was read");
    }
    require(cookies_of(with(again)) == cookies, "written again, the same cookies");

    const server::SessionCookie cookie{.secure = true, .lifetime = std::chrono::seconds(60)};
    require(cookie.parts_in(request) <= server::SessionCookie::most_parts, "no more parts than there are");
    if (const auto ticket = cookie.read(request)) {
        std::string carried;
        for (const auto& line : cookie.set(*ticket, 0)) carried += line.substr(0, line.find(';')) + "; ";
        require(cookie.read(with(carried)) == ticket, "a ticket that is set is read");
    }
}

const Registration registration({"cookies", run});

}  // namespace
}  // namespace cadenza::fuzz
