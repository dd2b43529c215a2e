#include "server/http/connection.hpp"

#include "server/http/answer_head.hpp"
#include "server/http/request_parser.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <chrono>

namespace cadenza::http {
namespace {

constexpr std::size_t read_size = 8UL * 1024;
// What a connection that waits for its next request holds ready: most requests fit, and thousands may wait.
constexpr std::size_t first_read_size = 1024;

const Refusal gone{0, {}};  // closed without an answer
const Refusal cut_short{400, "body cut short"};

}  // namespace

std::chrono::milliseconds body_patience(const Limits& limits, std::size_t received) {
    const auto seconds = static_cast<std::int64_t>(received / std::max<std::size_t>(limits.body_rate, 1));
    return std::min(limits.body, limits.body_grace + std::chrono::seconds(seconds));
}

Connection::Connection(asio::ip::tcp::socket socket, asio::ip::address address, std::optional<Claim> claim,
                       Listener& listener, std::shared_ptr<bool> alive)
    : stream_(std::move(socket), listener.options_.tls ? &listener.options_.tls->context() : nullptr),
      deadline_(stream_.get_executor()),
      address_(std::move(address)),
      address_text_(address_.to_string()),
      listener_(listener),
      alive_(std::move(alive)),
      claim_(std::move(claim)) {}

Connection::~Connection() {
    if (*alive_) listener_.forget(this);
}

void Connection::start() {
    auto run_self = [](std::shared_ptr<Connection> self) -> asio::awaitable<void> { co_await self->run(); };
    asio::co_spawn(stream_.get_executor(), run_self(shared_from_this()), asio::detached);
}

void Connection::finish() {
    finishing_ = true;
    // What has come is a request in flight: bytes not read yet, and bytes read of which run() hears in this
    // turn of the loop. Who has only connected, as a proxy just did, is about to ask.
    asio::post(stream_.get_executor(), [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self || !*self->alive_ || !self->idle_) return;
        if (self->served_ == 0) return self->arm(self->listener_.options_.limits.drain_grace);
        if (!self->stream_.has_bytes()) self->close();
    });
}

void Connection::close() { stream_.close(); }

void Connection::arm(std::chrono::milliseconds after) {
    due_ = std::chrono::steady_clock::now() + after;
    if (due_ < wakes_) watch();
}

// A request moves the deadline several times, mostly to later: the timer that runs already stays then, and
// sleeps on when it wakes too early.
void Connection::watch() {
    const auto number = ++armed_;
    wakes_ = due_;
    deadline_.expires_at(wakes_);
    deadline_.async_wait([weak = weak_from_this(), number](const boost::system::error_code& ec) {
        const auto self = weak.lock();
        if (ec || !self || self->armed_ != number) return;
        if (std::chrono::steady_clock::now() < self->due_)
            self->watch();
        else
            self->close();
    });
}

void Connection::disarm() {
    ++armed_;
    wakes_ = Instant::max();
    deadline_.cancel();
}

asio::awaitable<void> Connection::run() {
    const auto& limits = listener_.options_.limits;
    arm(finishing_ ? limits.drain_grace : limits.first_byte);
    const bool ready = !co_await stream_.handshake();
    while (ready && *alive_ && stream_.is_open() && (served_ == 0 || !finishing_)) {
        if (co_await serve() == Next::close) break;
    }
    if (*alive_ && stream_.is_open()) co_await linger();
    disarm();
    close();
}

// A close with bytes unread resets the connection, and the reset may overtake our last answer (RFC
// 9112, 9.6).
asio::awaitable<void> Connection::linger() {
    idle_ = true;
    arm(listener_.options_.limits.linger);
    if (co_await stream_.finish_sending()) co_return;
    for (;;) {
        const auto [ec, size] = co_await stream_.discard_some();
        if (ec) co_return;
    }
}

// False as well when the listener has gone: nothing of it may be used then.
asio::awaitable<bool> Connection::read_more(std::size_t most) {
    const auto before = buffer_.size();
    buffer_.resize(before + most);
    const auto [ec, size] = co_await stream_.read_some(asio::buffer(buffer_.data() + before, most));
    buffer_.resize(before + size);
    co_return !ec && *alive_;
}

// Takes one header block, with its blank line, off the buffer.
asio::awaitable<std::optional<Refusal>> Connection::read_header(std::string& block) {
    const auto& limits = listener_.options_.limits;
    idle_ = buffer_.empty();
    if (idle_ && buffer_.capacity() > first_read_size) buffer_ = {};
    if (served_ > 0) arm(limits.idle);  // before the first one run() has armed
    while (buffer_.empty()) {
        if (!co_await read_more(std::min(limits.header_bytes, first_read_size))) co_return gone;
    }
    idle_ = false;
    arm(limits.header);
    for (std::size_t searched = 0;;) {
        auto taken = take_block(buffer_, searched, limits);
        if (!taken) co_return taken.error();
        if (auto& whole = *taken) {
            block = std::move(*whole);
            co_return std::nullopt;
        }
        if (!co_await read_more(std::min(limits.header_bytes, read_size))) co_return gone;
    }
}

asio::awaitable<std::optional<Refusal>> Connection::read_body(Admission& admission,
                                                              const std::string& block) {
    if (!admission.chunked && admission.length == 0) co_return std::nullopt;
    body_began_ = std::chrono::steady_clock::now();
    if (admission.expects_continue && buffer_.empty()) {
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        arm(listener_.options_.limits.write);
        const auto [ec, size] = co_await stream_.write({asio::buffer(go_on), {}});
        if (ec || !*alive_) co_return gone;
    }
    if (admission.chunked) co_return co_await read_chunks(admission.request, block);
    while (buffer_.size() < admission.length) {
        if (!co_await read_body_part(buffer_.size())) co_return cut_short;
    }
    admission.request.body = buffer_.substr(0, admission.length);
    buffer_.erase(0, admission.length);
    co_return std::nullopt;
}

asio::awaitable<bool> Connection::read_body_part(std::size_t received) {
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - body_began_);
    arm(body_patience(listener_.options_.limits, received) - passed);
    co_return co_await read_more(read_size);
}

asio::awaitable<std::optional<Refusal>> Connection::read_chunks(Request& request, const std::string& block) {
    ChunkReader reader(block, listener_.options_.limits);
    for (;;) {
        if (auto refusal = reader.take(buffer_)) co_return refusal;
        if (reader.done()) break;
        if (!co_await read_body_part(reader.received())) co_return cut_short;
    }
    request.body = reader.release();
    co_return std::nullopt;
}

asio::awaitable<Connection::Next> Connection::refuse(Refusal refusal, const Request& request) {
    if (refusal.status == 0 || !*alive_ || !stream_.is_open()) co_return Next::close;
    auto response = listener_.options_.refuse(refusal, request);
    co_await write(response, false);
    co_return Next::close;
}

asio::awaitable<Connection::Next> Connection::serve() {
    const auto& limits = listener_.options_.limits;
    std::string block;
    head_only_ = false;
    if (auto refusal = co_await read_header(block)) co_return co_await refuse(std::move(*refusal), {});
    auto head = parse_head(block, limits);
    if (!head) co_return co_await refuse(head.error(), {});
    head_only_ = head->method == "HEAD";
    auto admission = request_guard(std::move(*head), limits.body_bytes);
    if (!admission) co_return co_await refuse(admission.error(), {});
    std::optional<Claim> claim;
    auto& request = admission->request;
    if (auto refusal = identify(request, claim)) co_return co_await refuse(std::move(*refusal), request);
    if (auto refusal = co_await read_body(*admission, block))
        co_return co_await refuse(std::move(*refusal), request);
    auto response = co_await answer(std::move(request));
    if (!*alive_) co_return Next::close;
    const bool keep_alive = admission->keep_alive && !finishing_ && !listener_.draining_ &&
                            ++served_ < limits.requests_per_connection;
    const bool written = co_await write(response, keep_alive);
    co_return written&& keep_alive ? Next::again : Next::close;
}

std::optional<Refusal> Connection::identify(Request& request, std::optional<Claim>& claim) const {
    if (claim_) {  // the client's own connection, counted already
        request.remote = address_text_;
        if (stream_.is_secure()) request.secure = true;
        return std::nullopt;
    }
    const auto origin = sender_of(request.headers, address_, listener_.options_.trusted_proxies);
    request.remote = origin.address.to_string();
    request.secure = stream_.is_secure() ? std::optional(true) : origin.secure;
    claim = listener_.claim(origin.address);
    if (claim) return std::nullopt;
    return Refusal{429, "too many requests of this address at once"};
}

asio::awaitable<Response> Connection::answer(Request request) {
    arm(listener_.options_.limits.handler);
    try {
        co_return co_await listener_.handler_(std::move(request));
    } catch (const std::exception& bug) {
        if (*alive_) listener_.options_.log_bug(bug.what());
    } catch (...) {
        if (*alive_) listener_.options_.log_bug("something that is no std::exception");
    }
    if (!*alive_) co_return Response::empty(500);
    co_return listener_.options_.refuse({500, "internal"}, {});
}

asio::awaitable<bool> Connection::write(const Response& response, bool keep_alive) {
    if (!*alive_ || !stream_.is_open() || response.status == 0) co_return false;
    arm(listener_.options_.limits.write);
    const auto text = render_head(response, keep_alive);
    const bool bodiless = head_only_ || response.status == 204 || response.status == 304;
    const auto content = bodiless ? std::string_view{} : response.content();
    const std::array<asio::const_buffer, 2> parts{asio::buffer(text), asio::buffer(content)};
    const auto [ec, size] = co_await stream_.write(parts);
    co_return !ec;
}

}  // namespace cadenza::http
