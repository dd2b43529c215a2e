#include "server/http/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <chrono>
#include <ctime>

namespace cadenza::http {
namespace {

namespace beast_http = boost::beast::http;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// Chunk sizes, extensions and trailers: bytes on the wire beyond the body itself.
constexpr std::size_t max_framing = 8 * 1024;
constexpr std::size_t framing_per_byte = 8;  // one-byte chunks cost six

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

std::string_view reason_of(int status) {
    return beast_http::obsolete_reason(static_cast<beast_http::status>(status));
}

// "Tue, 24 Nov 2026 01:02:03 GMT", made once a second.
const std::string& http_date() {
    static std::time_t made = 0;
    static std::string text;
    const auto now = std::time(nullptr);
    if (now != made) {
        std::tm parts{};
        gmtime_r(&now, &parts);
        std::array<char, 64> out{};
        text.assign(out.data(), std::strftime(out.data(), out.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
        made = now;
    }
    return text;
}

std::string render_head(const Response& response, bool keep_alive) {
    std::string out = "HTTP/1.1 " + std::to_string(response.status) + " " +
                      std::string(reason_of(response.status)) + "\r\nDate: " + http_date() + "\r\n";
    for (const auto& [name, value] : response.headers) {
        if (value.find_first_of("\r\n") != value.npos) continue;  // a bug of ours must not split an answer
        out.append(name).append(": ").append(value).append("\r\n");
    }
    const bool bodiless = response.status == 204 || response.status == 304;
    if (!bodiless) out += "Content-Length: " + std::to_string(response.content().size()) + "\r\n";
    out += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
    return out;
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
    while (socket_.is_open()) {
        if (co_await serve() == Next::close || !*alive_) break;
    }
    disarm();
    boost::system::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    close();
}

asio::awaitable<bool> Connection::read_more(std::size_t most) {
    std::array<char, 8 * 1024> chunk{};
    const auto [ec, size] =
        co_await socket_.async_read_some(asio::buffer(chunk.data(), std::min(most, chunk.size())), as_result);
    if (ec) co_return false;
    buffer_.append(chunk.data(), size);
    co_return true;
}

// Takes one header block, with its blank line, off the buffer. False: the peer left, was too slow, or sent
// too much, in which case `block` holds what there was.
asio::awaitable<bool> Connection::read_header(std::string& block) {
    const auto& limits = listener_.options_.limits;
    idle_ = buffer_.empty();
    arm(limits.idle);
    while (buffer_.empty()) {
        if (!co_await read_more(limits.header_bytes)) co_return false;
    }
    idle_ = false;
    arm(limits.header);
    std::size_t searched = 0;
    for (;;) {
        const auto end = buffer_.find("\r\n\r\n", searched);
        if (end != buffer_.npos && end + 4 <= limits.header_bytes) {
            block = buffer_.substr(0, end + 4);
            buffer_.erase(0, end + 4);
            co_return true;
        }
        // A bare line feed never ends a block of ours; waiting for more would only hide the error.
        if (end != buffer_.npos || buffer_.size() > limits.header_bytes ||
            buffer_.find("\n\n") != buffer_.npos) {
            block = buffer_;
            co_return false;
        }
        searched = buffer_.size() < 3 ? 0 : buffer_.size() - 3;
        if (!co_await read_more(limits.header_bytes)) co_return false;
    }
}

asio::awaitable<bool> Connection::read_body(Admission& admission, const std::string& block) {
    const auto& limits = listener_.options_.limits;
    if (!admission.chunked && admission.length == 0) co_return true;
    arm(limits.body);
    if (admission.expects_continue && buffer_.empty()) {
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const auto [ec, size] = co_await asio::async_write(socket_, asio::buffer(go_on), as_result);
        if (ec) co_return false;
    }
    if (!admission.chunked) {
        while (buffer_.size() < admission.length) {
            if (!co_await read_more(limits.body_bytes)) co_return false;
        }
        admission.request.body = buffer_.substr(0, admission.length);
        buffer_.erase(0, admission.length);
        co_return true;
    }
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
        if (ec && ec != beast_http::error::need_more) co_return false;
        const auto body = parser.get().body().size();
        if (framed > max_framing + body * (1 + framing_per_byte) || buffer_.size() > max_framing)
            co_return false;
        if (parser.is_done()) break;
        if (!co_await read_more(limits.body_bytes)) co_return false;
    }
    admission.request.body = std::move(parser.get().body());
    co_return true;
}

asio::awaitable<Connection::Next> Connection::refuse(Refusal refusal) {
    auto response = listener_.options_.refuse(refusal);
    co_await write(response, false, false);
    co_return Next::close;
}

asio::awaitable<Connection::Next> Connection::serve() {
    const auto& limits = listener_.options_.limits;
    std::string block;
    if (!co_await read_header(block)) {
        if (block.empty() || !*alive_) co_return Next::close;
        const bool large = block.size() > limits.header_bytes || block.find("\n\n") == block.npos;
        co_return co_await refuse(large ? Refusal{431, "header too large"} : Refusal{400, "bare line feed"});
    }
    if (auto refusal = check_raw(block)) co_return co_await refuse(std::move(*refusal));

    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser.body_limit(limits.body_bytes);
    boost::system::error_code ec;
    parser.put(asio::buffer(block), ec);
    if (ec == beast_http::error::body_limit) co_return co_await refuse({413, "body too large"});
    if (ec == beast_http::error::bad_version) co_return co_await refuse({505, "HTTP version"});
    if ((ec && ec != beast_http::error::need_more) || !parser.is_header_done())
        co_return co_await refuse({400, "malformed header"});

    const auto head = head_of(parser);
    if (static_cast<std::size_t>(std::distance(head.fields.begin(), head.fields.end())) >
        limits.header_fields)
        co_return co_await refuse({431, "too many fields"});
    if (head.target.size() > limits.target_bytes) co_return co_await refuse({414, "target too long"});
    auto admission = request_guard(head, limits.body_bytes);
    if (!admission) co_return co_await refuse(admission.error());
    if (!co_await read_body(*admission, block)) {
        if (!socket_.is_open() || !*alive_) co_return Next::close;
        co_return co_await refuse({400, "malformed body"});
    }
    const bool head_only = admission->request.method == Method::head;
    admission->request.remote = address_;
    auto response = co_await answer(std::move(admission->request));
    if (!*alive_) co_return Next::close;
    const bool keep_alive = admission->keep_alive && !finishing_ && !listener_.draining_ &&
                            ++served_ < limits.requests_per_connection;
    const bool written = co_await write(response, head_only, keep_alive);
    co_return written&& keep_alive ? Next::again : Next::close;
}

asio::awaitable<Response> Connection::answer(Request request) {
    arm(listener_.options_.limits.handler);
    try {
        co_return co_await listener_.handler_(std::move(request));
    } catch (const std::exception& bug) {
        if (*alive_) listener_.options_.log_bug(bug.what());
    }
    if (!*alive_) co_return Response::empty(500);
    co_return listener_.options_.refuse({500, "internal"});
}

asio::awaitable<bool> Connection::write(const Response& response, bool head, bool keep_alive) {
    if (!*alive_ || !socket_.is_open() || response.status == 0) co_return false;
    arm(listener_.options_.limits.write);
    const auto text = render_head(response, keep_alive);
    const bool bodiless = head || response.status == 204 || response.status == 304;
    const auto content = bodiless ? std::string_view{} : response.content();
    const std::array<asio::const_buffer, 2> parts{asio::buffer(text), asio::buffer(content)};
    const auto [ec, size] = co_await asio::async_write(socket_, parts, as_result);
    co_return !ec;
}

}  // namespace cadenza::http
