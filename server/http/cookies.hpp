#pragma once

#include "server/http/message.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cadenza::http {

struct Cookie {
    std::string name;
    std::string value;
    bool operator==(const Cookie&) const = default;
};

// The request's cookies in the order sent. Pairs without '=' or with characters no cookie has are left out.
std::vector<Cookie> cookies_of(const Request& request);

// A cookie where it lies in the request.
struct CookieView {
    std::string_view name;
    std::optional<std::string_view> value;  // nullopt: it has characters no cookie has
};

// Takes the next cookie with a name off `rest`, what is left of a Cookie field; nullopt at its end.
std::optional<CookieView> take_cookie(std::string_view& rest);

enum class SameSite { strict, lax };

struct SetCookie {
    std::string name;
    std::string value;
    SameSite same_site{SameSite::strict};
    bool secure{true};
    std::optional<std::chrono::seconds> max_age;  // absent: until the browser closes; zero: delete
};

// Always HttpOnly, Path=/ and without Domain, as the __Host- prefix demands.
std::string render(const SetCookie& cookie);

// The cookies an answer sets, collected while it is made: the last line for a name counts.
class AnswerCookies {
public:
    // As render() gives it.
    void set(std::string line);
    const std::vector<std::string>& lines() const noexcept { return lines_; }

private:
    std::vector<std::string> lines_;
};

}  // namespace cadenza::http
