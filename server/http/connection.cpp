#include "server/http/connection.hpp"

#include "server/http/answer_head.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <chrono>

namespace cadenza::http {
namespace {

namespace beast_http = boost::beast::http;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// Chunk sizes, extensions and trailers: bytes on the wire beyond the body itself.
constexpr std::size_t max_framing = 8 * 1024;
constexpr std::size_t framing_per_byte = 8;  // one-byte chunks cost six

constexpr std::size_t read_size = 8 * 1024;

const Refusal gone{0, {}};  // closed without an answer
const Refusal cut_short{400, "body cut short"};

using Parser = beast_http::request_parser<beast_http::string_body>;

Head head_of(const Parser& parser) {
    const auto& message = parser.get();
    Head head{.method = std::string(message.method_string()),
              .target = std::string(message.target()),
              .version = message.version()};
    for (const auto& field : message)
        head.fields.add(std::string(field.name_string()), std::string(field.value()));
    return head;
}

bool has_bare_feed(std::string_view text, std::size_t from) {
    for (auto at = text.find('\n', from); at != text.npos; at = text.find('\n', at + 1))
        if (at == 0 || text[at - 1] != '\r') return true;
    return false;
}

// Whether the request line is in order but for the version: "GET / HTTP/2.0".
bool names_other_version(std::string_view block) {
    const auto line = block.substr(0, block.find("\r\n"));
    const auto version = line.substr(line.rfind(' ') + 1);
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return std::count(line.begin(), line.end(), ' ') == 2 && version.size() == 8 &&
           version.starts_with("HTTP/") && digit(version[5]) && version[6] == '.' && digit(version[7]);
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, std::string address, Listener& listener,
                       std::shared_ptr<bool> alive)
    : socket_(std::move(socket)),
      deadline_(socket_.get_executor()),
      address_(std::move(address)),
      listener_(listener),
      alive_(std::move(alive)) {}

Connection::~Connection() {
    if (*alive_) listener_.forget(this, address_);
}

void Connection::start() {
    auto run_self = [](std::shared_ptr<Connection> self) -> asio::awaitable<void> { co_await self->run(); };
    asio::co_spawn(socket_.get_executor(), run_self(shared_from_this()), asio::detached);
}

void Connection::finish() {
    finishing_ = true;
    if (idle_) close();
}

void Connection::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void Connection::arm(std::chrono::milliseconds after) {
    const auto number = ++armed_;
    deadline_.expires_after(after);
    deadline_.async_wait([weak = weak_from_this(), number](const boost::system::error_code& ec) {
        const auto self = weak.lock();
        if (!ec && self && self->armed_ == number) self->close();
    });
}

void Connection::disarm() {
    ++armed_;
    deadline_.cancel();
}

asio::awaitable<void> Connection::run() {
    while (socket_.is_open() && !finishing_) {
        if (co_await serve() == Next::close || !*alive_) break;
    }
    if (*alive_ && socket_.is_open()) co_await linger();
    disarm();
    close();
}

// A close with bytes unread resets the connection, and the reset may overtake our last answer (RFC
// 9112, 9.6).
asio::awaitable<void> Connection::linger() {
    boost::system::error_code ec;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
    if (ec) co_return;
    idle_ = true;
    arm(listener_.options_.limits.linger);
    do buffer_.clear();
    while (co_await read_more(read_size));
}

// False as well when the listener has gone: nothing of it may be used then.
asio::awaitable<bool> Connection::read_more(std::size_t most) {
    std::array<char, read_size> chunk{};
    const auto [ec, size] =
        co_await socket_.async_read_some(asio::buffer(chunk.data(), std::min(most, chunk.size())), as_result);
    if (ec || !*alive_) co_return false;
    buffer_.append(chunk.data(), size);
    co_return true;
}

// Takes one header block, with its blank line, off the buffer.
asio::awaitable<std::optional<Refusal>> Connection::read_header(std::string& block) {
    const auto& limits = listener_.options_.limits;
    idle_ = buffer_.empty();
    arm(limits.idle);
    while (buffer_.empty()) {
        if (!co_await read_more(limits.header_bytes)) co_return gone;
    }
    idle_ = false;
    arm(limits.header);
    std::size_t searched = 0;
    for (;;) {
        const auto end = buffer_.find("\r\n\r\n", searched);
        if (end != buffer_.npos && end + 4 <= limits.header_bytes) {
            block = buffer_.substr(0, end + 4);
            buffer_.erase(0, end + 4);
            co_return std::nullopt;
        }
        // A bare line feed never ends a block of ours; waiting for more would only hide the error.
        if (has_bare_feed(buffer_, searched)) co_return Refusal{400, "bare line feed"};
        if (end != buffer_.npos || buffer_.size() > limits.header_bytes)
            co_return Refusal{431, "header too large"};
        searched = buffer_.size() < 3 ? 0 : buffer_.size() - 3;
        if (!co_await read_more(limits.header_bytes)) co_return gone;
    }
}

asio::awaitable<std::optional<Refusal>> Connection::read_body(Admission& admission,
                                                              const std::string& block) {
    if (!admission.chunked && admission.length == 0) co_return std::nullopt;
    arm(listener_.options_.limits.body);
    if (admission.expects_continue && buffer_.empty()) {
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const auto [ec, size] = co_await asio::async_write(socket_, asio::buffer(go_on), as_result);
        if (ec || !*alive_) co_return gone;
    }
    if (admission.chunked) co_return co_await read_chunks(admission.request, block);
    while (buffer_.size() < admission.length) {
        if (!co_await read_more(read_size)) co_return cut_short;
    }
    admission.request.body = buffer_.substr(0, admission.length);
    buffer_.erase(0, admission.length);
    co_return std::nullopt;
}

asio::awaitable<std::optional<Refusal>> Connection::read_chunks(Request& request, const std::string& block) {
    const auto& limits = listener_.options_.limits;
    Parser parser;
    parser.eager(true);
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes + max_framing));
    parser.body_limit(limits.body_bytes);
    boost::system::error_code ec;
    parser.put(asio::buffer(block), ec);
    std::size_t framed = 0;
    while (!parser.is_done()) {
        ec = {};
        const auto used = buffer_.empty() ? 0 : parser.put(asio::buffer(buffer_), ec);
        buffer_.erase(0, used);
        framed += used;
        if (ec == beast_http::error::body_limit) co_return Refusal{413, "body too large"};
        if (ec && ec != beast_http::error::need_more) co_return Refusal{400, "malformed chunks"};
        const auto body = parser.get().body().size();
        if (framed > max_framing + body * (1 + framing_per_byte)) co_return Refusal{400, "too much framing"};
        if (parser.is_done()) break;
        if (buffer_.size() > max_framing) co_return Refusal{400, "too much framing"};
        if (!co_await read_more(read_size)) co_return cut_short;
    }
    request.body = std::move(parser.get().body());
    co_return std::nullopt;
}

asio::awaitable<Connection::Next> Connection::refuse(Refusal refusal) {
    if (refusal.status == 0 || !*alive_ || !socket_.is_open()) co_return Next::close;
    auto response = listener_.options_.refuse(refusal);
    co_await write(response, false);
    co_return Next::close;
}

asio::awaitable<Connection::Next> Connection::serve() {
    const auto& limits = listener_.options_.limits;
    std::string block;
    head_only_ = false;
    if (auto refusal = co_await read_header(block)) co_return co_await refuse(std::move(*refusal));
    if (auto refusal = check_raw(block)) co_return co_await refuse(std::move(*refusal));

    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser.body_limit(limits.body_bytes);
    boost::system::error_code ec;
    parser.put(asio::buffer(block), ec);
    if (ec == beast_http::error::body_limit) co_return co_await refuse({413, "body too large"});
    if (ec == beast_http::error::bad_version && names_other_version(block))
        co_return co_await refuse({505, "HTTP version"});
    if ((ec && ec != beast_http::error::need_more) || !parser.is_header_done())
        co_return co_await refuse({400, "malformed header"});

    const auto head = head_of(parser);
    head_only_ = head.method == "HEAD";
    if (static_cast<std::size_t>(std::distance(head.fields.begin(), head.fields.end())) >
        limits.header_fields)
        co_return co_await refuse({431, "too many fields"});
    if (head.target.size() > limits.target_bytes) co_return co_await refuse({414, "target too long"});
    auto admission = request_guard(head, limits.body_bytes);
    if (!admission) co_return co_await refuse(admission.error());
    if (auto refusal = co_await read_body(*admission, block)) co_return co_await refuse(std::move(*refusal));
    admission->request.remote = address_;
    auto response = co_await answer(std::move(admission->request));
    if (!*alive_) co_return Next::close;
    const bool keep_alive = admission->keep_alive && !finishing_ && !listener_.draining_ &&
                            ++served_ < limits.requests_per_connection;
    const bool written = co_await write(response, keep_alive);
    co_return written&& keep_alive ? Next::again : Next::close;
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
    co_return listener_.options_.refuse({500, "internal"});
}

asio::awaitable<bool> Connection::write(const Response& response, bool keep_alive) {
    if (!*alive_ || !socket_.is_open() || response.status == 0) co_return false;
    arm(listener_.options_.limits.write);
    const auto text = render_head(response, keep_alive);
    const bool bodiless = head_only_ || response.status == 204 || response.status == 304;
    const auto content = bodiless ? std::string_view{} : response.content();
    const std::array<asio::const_buffer, 2> parts{asio::buffer(text), asio::buffer(content)};
    const auto [ec, size] = co_await asio::async_write(socket_, parts, as_result);
    co_return !ec;
}

}  // namespace cadenza::http
