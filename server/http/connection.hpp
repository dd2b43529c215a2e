#pragma once

#include "server/http/listener.hpp"
#include "server/http/stream.hpp"

#include <boost/asio/steady_timer.hpp>

namespace cadenza::http {

// One accepted socket: requests one after the other, in order. Owns itself through its coroutine.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    // `claim` is its place among the connections of its address; nullopt for those of trusted proxies.
    Connection(asio::ip::tcp::socket socket, asio::ip::address address, std::optional<Claim> claim,
               Listener& listener, std::shared_ptr<bool> alive);
    ~Connection();

    void start();
    // No further request, but the first when none has come yet; an idle connection closes now.
    void finish();
    void close();
    bool is_idle() const noexcept { return idle_; }

private:
    using Instant = std::chrono::steady_clock::time_point;

    asio::awaitable<void> run();
    // What to do after one request.
    enum class Next { again, close };
    asio::awaitable<Next> serve();
    // Those that read answer a refusal, with status 0 to close without a word.
    asio::awaitable<std::optional<Refusal>> read_header(std::string& block);
    asio::awaitable<std::optional<Refusal>> read_body(Admission& admission, const std::string& block);
    asio::awaitable<std::optional<Refusal>> read_chunks(Request& request, const std::string& block);
    // More of a body of which `received` bytes are there.
    asio::awaitable<bool> read_body_part(std::size_t received);
    // Who asks, and a place among the requests of that client when it comes through a trusted proxy.
    std::optional<Refusal> identify(Request& request, std::optional<Claim>& claim) const;
    asio::awaitable<bool> read_more(std::size_t most);
    asio::awaitable<Response> answer(Request request);
    asio::awaitable<bool> write(const Response& response, bool keep_alive);
    asio::awaitable<Next> refuse(Refusal refusal, const Request& request);
    asio::awaitable<void> linger();

    // Closes the connection then, unless it is armed anew or disarmed before.
    void arm(std::chrono::milliseconds after);
    void watch();
    void disarm();

    Stream stream_;
    asio::steady_timer deadline_;
    asio::ip::address address_;
    std::string address_text_;
    Listener& listener_;
    std::shared_ptr<bool> alive_;
    std::optional<Claim> claim_;
    std::string buffer_;  // bytes read and not yet used: the next request may begin here
    int served_{};
    Instant due_;                    // when to close
    Instant wakes_{Instant::max()};  // when the timer looks; never after `due_`
    std::uint64_t armed_{};          // which wait of the timer counts
    std::chrono::steady_clock::time_point body_began_;
    bool idle_{true};   // nothing is lost by closing now
    bool head_only_{};  // the request's method was HEAD
    bool finishing_{};
};

}  // namespace cadenza::http
