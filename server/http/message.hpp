#pragma once

// One HTTP exchange as plain values, so handlers and their tests need no socket and no Beast.

#include "shared/api/method.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cadenza::http {

namespace asio = boost::asio;

using cadenza::Method;

// "/api" and what is below it are under "/api"; "/apia" is not.
inline bool is_under(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}
// What programs ask for, as against pages and files.
inline bool is_programs(std::string_view path) { return is_under(path, "/api") || is_under(path, "/auth"); }

// Field lines in the order they came; names compare without case.
class Headers {
public:
    using Line = std::pair<std::string, std::string>;

    Headers() = default;
    Headers(std::initializer_list<Line> lines) : lines_(lines) {}

    // The first line of that name, or nullopt.
    std::optional<std::string_view> find(std::string_view name) const noexcept;
    // Every line of that name, joined by commas as the list they are (RFC 9110, 5.3); "" when there is none.
    std::string joined(std::string_view name) const;
    std::size_t count(std::string_view name) const noexcept;
    void add(std::string name, std::string value) {
        if (lines_.empty()) lines_.reserve(usual_count);
        lines_.emplace_back(std::move(name), std::move(value));
    }
    // Replaces every line of that name by one.
    void set(std::string name, std::string value);
    void erase(std::string_view name);

    auto begin() const noexcept { return lines_.begin(); }
    auto end() const noexcept { return lines_.end(); }
    bool empty() const noexcept { return lines_.empty(); }
    bool operator==(const Headers&) const = default;

private:
    static constexpr std::size_t usual_count = 8;  // of a request's and of an answer's own
    std::vector<Line> lines_;
};

class AnswerCookies;

// A request that passed the guard: origin-form target, one Host, known framing, body complete.
struct Request {
    Method method{Method::get};
    std::string path;   // percent-decoded and checked, no query: "/api/playlists/37i9"
    std::string query;  // raw, without '?': "offset=0&limit=50"
    Headers headers;
    std::string body;
    std::string remote;  // the client's address without port, behind trusted proxies too: "127.0.0.1"
    std::string id;      // request id: ours, never the client's; the handler gives it
    // By when the answer should be there; the handler sets it.
    std::chrono::steady_clock::time_point deadline{std::chrono::steady_clock::time_point::max()};
    // What the answer sets, whatever else it says: a problem document, too. Null where nobody listens.
    std::shared_ptr<AnswerCookies> answer_cookies;
    // Whether the client speaks TLS, with us or with a trusted proxy. nullopt: a proxy nobody vouches for
    // may.
    std::optional<bool> secure;

    std::string_view header(std::string_view name) const noexcept {
        return headers.find(name).value_or(std::string_view{});
    }
};

struct Response {
    int status{200};  // 0: close the connection without an answer
    Headers headers;
    std::string body;
    // Set instead of `body` for bytes many answers share (static files).
    std::shared_ptr<const std::string> shared_body;
    // Lines many answers share; one whose name is in `headers` too gives way. May be null.
    std::shared_ptr<const Headers> shared_headers;

    std::string_view content() const noexcept { return shared_body ? *shared_body : body; }

    static Response text(int status, std::string body);
    static Response json(std::string body, int status = 200);
    static Response html(std::string body, int status = 200);
    static Response empty(int status = 204) { return {.status = status}; }
    static Response redirect(std::string location, int status = 303);
};

// Answers one request. Must not throw; what it throws is logged and becomes a bare 500.
using Handler = std::function<asio::awaitable<Response>(Request)>;

}  // namespace cadenza::http
