#pragma once

#include "server/base/secret.hpp"
#include "server/http/cookies.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cadenza::server {

// The cookie that holds a session's ticket. Over https it is __Host-sid, so no other host can set it.
//
// A sid fits into one. A sealed session may need more than the 4 KB a browser keeps of one: then it goes on
// in "<name>.1" and "<name>.2", and the first begins with how many there are, so that what an earlier, longer
// one left behind is never taken for a part.
struct SessionCookie {
    bool secure{};
    std::chrono::seconds lifetime{};

    static constexpr std::size_t most_parts = 3;
    static constexpr std::size_t part_size = 3'800;
    // What together stays well below what servers and proxies take as a header.
    static constexpr std::size_t most_ticket_size = most_parts * part_size - 1;

    std::string_view name() const { return secure ? "__Host-sid" : "sid"; }
    // The ticket of a request. Two cookies of one name are none: one was planted.
    std::optional<std::string> read(const http::Request& request) const;
    // Whether that is why there is none.
    bool is_doubled(const http::Request& request) const;
    // How many parts a request carries, stale ones too.
    std::size_t parts_in(const http::Request& request) const;
    // Set-Cookie values: the ticket's, and those that clear what it does not fill of the `carried` parts.
    std::vector<std::string> set(const std::string& ticket, std::size_t carried) const;
    std::vector<std::string> clear(std::size_t carried) const { return write({""}, carried); }

private:
    struct Part {
        std::size_t count{};     // of cookies with its name
        std::size_t readable{};  // of those
        std::string_view value;  // of the last readable one
    };
    using Parts = std::array<Part, most_parts>;
    Parts find(const http::Request& request) const;
    static std::optional<std::string> ticket_of(const Parts& parts);
    std::string name(std::size_t part) const;
    std::vector<std::string> write(std::vector<std::string> parts, std::size_t carried) const;
};

// Puts the session's cookie into the answer to one request; it may outlive both.
class SessionCookieWriter {
public:
    SessionCookieWriter() = default;
    SessionCookieWriter(SessionCookie cookie, const http::Request& request)
        : cookie_(cookie), carried_(cookie.parts_in(request)), answer_(request.answer_cookies) {}

    void set(const Secret& ticket) const { put(cookie_.set(ticket.reveal(), carried_)); }
    void clear() const { put(cookie_.clear(carried_)); }

private:
    void put(std::vector<std::string> lines) const {
        if (!answer_) return;
        for (auto& line : lines) answer_->set(std::move(line));
    }

    SessionCookie cookie_;
    std::size_t carried_{};
    std::shared_ptr<http::AnswerCookies> answer_;
};

}  // namespace cadenza::server
