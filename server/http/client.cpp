#include "server/http/client.hpp"

#include "server/http/client_answer.hpp"
#include "server/http/client_request.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace cadenza::http {
namespace {

using Instant = std::chrono::steady_clock::time_point;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t chunk_size = 64UL * 1024;
constexpr std::string_view connect_prefix = "connect: ";

Error failure(std::string_view step, const boost::system::error_code& ec, Instant deadline) {
    if (std::chrono::steady_clock::now() >= deadline)
        return {Errc::timed_out, std::string(step) + "timed out"};
    return {Errc::upstream_failed, std::string(step) + ec.message()};
}

// A name's addresses. The system's resolver cannot be interrupted, so it may outlive whoever waits for it.
struct Lookup {
    explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), done(executor) {}

    asio::ip::tcp::resolver resolver;
    asio::steady_timer done;
    boost::system::error_code error{asio::error::timed_out};
    asio::ip::tcp::resolver::results_type endpoints;
};

asio::awaitable<std::shared_ptr<Lookup>> look_up(const Origin& origin, asio::any_io_executor executor,
                                                 Instant deadline) {
    const auto lookup = std::make_shared<Lookup>(executor);
    lookup->done.expires_at(deadline);
    lookup->resolver.async_resolve(origin.host, origin.port,
                                   [lookup](const auto& error, const auto& endpoints) {
                                       lookup->error = error;
                                       lookup->endpoints = endpoints;
                                       lookup->done.cancel();
                                   });
    co_await lookup->done.async_wait(as_result);
    co_return lookup;
}

}  // namespace

// One connection; `stream` is used with TLS, its lowest layer without.
class Client::Channel {
public:
    Channel(const asio::any_io_executor& executor, asio::ssl::context& tls, Origin origin)
        : stream_(executor, tls), deadline_(executor), origin_(std::move(origin)) {}

    const Origin& origin() const { return origin_; }
    Instant idle_since() const { return idle_since_; }
    void rest() { idle_since_ = std::chrono::steady_clock::now(); }
    // Of the last exchange.
    bool sent_anything() const { return sent_; }
    bool answered_anything() const { return answered_; }

    asio::awaitable<Status> open(Instant deadline) {
        const Guard guard(*this, deadline);
        auto& socket = stream_.next_layer();
        const auto lookup = co_await look_up(origin_, socket.get_executor(), deadline);
        if (lookup->error) co_return failure("connect: resolve: ", lookup->error, deadline);
        if (expired(deadline)) co_return Error{Errc::timed_out, "connect: timed out"};
        const auto [connect_ec, endpoint] =
            co_await asio::async_connect(socket, lookup->endpoints, as_result);
        if (connect_ec) co_return failure("connect: ", connect_ec, deadline);
        boost::system::error_code ignored;
        socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        if (!origin_.tls) co_return Status{};
        stream_.set_verify_mode(asio::ssl::verify_peer);
        stream_.set_verify_callback(asio::ssl::host_name_verification(origin_.host));
        boost::system::error_code is_name;
        asio::ip::make_address(origin_.host, is_name);  // RFC 6066, 3: addresses are not server names
        if (is_name && !SSL_set_tlsext_host_name(stream_.native_handle(), origin_.host.c_str()))
            co_return Error{Errc::upstream_failed, "connect: tls: no server name"};
        const auto [handshake_ec] =
            co_await stream_.async_handshake(asio::ssl::stream_base::client, as_result);
        if (handshake_ec) co_return failure("connect: tls: ", handshake_ec, deadline);
        co_return Status{};
    }

    // Sends and reads the answer. `keep` tells whether the connection can serve again.
    asio::awaitable<Result<ClientResponse>> exchange(const ClientRequest& request, const Options& options,
                                                     Instant deadline, bool& keep) {
        const Guard guard(*this, deadline);
        keep = false;
        sent_ = false;
        answered_ = false;
        const auto text = render(request, origin_.authority);
        if (const auto ec = co_await write(text)) co_return failure("write: ", ec, deadline);

        AnswerReader reader(request.method, options);
        const auto chunk = std::make_unique_for_overwrite<char[]>(chunk_size);
        while (!reader.done()) {
            const auto [ec, size] = co_await read(asio::buffer(chunk.get(), chunk_size));
            if (size > 0) answered_ = true;
            if (ec == asio::error::eof && reader.finish()) break;
            if (ec) co_return failure("read: ", ec, deadline);
            if (const auto taken = reader.take({chunk.get(), size}); !taken) co_return taken.error();
        }
        keep = reader.keep_alive();
        co_return reader.release();
    }

    // Whether the peer has neither closed nor sent what nobody asked for.
    bool is_quiet() {
        char byte{};
        const auto seen = ::recv(stream_.next_layer().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return seen < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }

private:
    // Closes the socket when the deadline passes while it lives.
    class Guard {
    public:
        Guard(Channel& channel, Instant deadline) : timer_(channel.deadline_) {
            timer_.expires_at(deadline);
            timer_.async_wait([&channel, alive = std::weak_ptr<bool>(alive_)](const auto& ec) {
                boost::system::error_code ignored;
                if (!ec && !alive.expired()) channel.stream_.next_layer().close(ignored);
            });
        }
        ~Guard() { timer_.cancel(); }  // NOLINT(bugprone-exception-escape): throws only for a closed context
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;

    private:
        asio::steady_timer& timer_;
        std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
    };

    static bool expired(Instant deadline) { return std::chrono::steady_clock::now() >= deadline; }

    asio::awaitable<boost::system::error_code> write(const std::string& text) {
        if (origin_.tls) {
            const auto [ec, size] = co_await asio::async_write(stream_, asio::buffer(text), as_result);
            sent_ = size > 0;
            co_return ec;
        }
        const auto [ec, size] =
            co_await asio::async_write(stream_.next_layer(), asio::buffer(text), as_result);
        sent_ = size > 0;
        co_return ec;
    }

    asio::awaitable<std::tuple<boost::system::error_code, std::size_t>> read(asio::mutable_buffer into) {
        if (origin_.tls) {
            auto result = co_await stream_.async_read_some(into, as_result);
            co_return result;
        }
        auto result = co_await stream_.next_layer().async_read_some(into, as_result);
        co_return result;
    }

    asio::ssl::stream<asio::ip::tcp::socket> stream_;
    asio::steady_timer deadline_;
    Origin origin_;
    Instant idle_since_;
    bool sent_{};
    bool answered_{};
};

Client::Client(asio::any_io_executor executor, asio::ssl::context& tls, Options options)
    : executor_(std::move(executor)), tls_(tls), options_(options) {}
Client::~Client() = default;

std::unique_ptr<Client::Channel> Client::take_idle(const std::string& origin) {
    auto& idle = idle_[origin];
    const auto oldest = std::chrono::steady_clock::now() - options_.idle_time;
    while (!idle.empty() && idle.front()->idle_since() < oldest) idle.pop_front();
    while (!idle.empty()) {
        auto channel = std::move(idle.back());
        idle.pop_back();
        if (channel->is_quiet()) return channel;
    }
    return nullptr;
}

asio::awaitable<Result<std::unique_ptr<Client::Channel>>> Client::connect(const std::string& origin,
                                                                          Instant deadline) {
    auto parsed = parse_origin(origin);
    if (!parsed) co_return Error{Errc::upstream_failed, "connect: not an https origin"};
    if (parsed->tls && options_.system_authorities && !std::exchange(authorities_loaded_, true)) {
        boost::system::error_code ignored;  // without any, no certificate is accepted
        tls_.set_default_verify_paths(ignored);
    }
    auto channel = std::make_unique<Channel>(executor_, tls_, std::move(*parsed));
    const auto opened = co_await channel->open(deadline);
    if (!opened) co_return opened.error();
    co_return channel;
}

asio::awaitable<Result<ClientResponse>> Client::send(ClientRequest request,
                                                     std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    if (!is_writable(request)) co_return Error{Errc::invalid_value, "request: target or field"};
    auto channel = take_idle(request.origin);
    const bool reused = channel != nullptr;
    if (!channel) {
        auto fresh = co_await connect(request.origin, deadline);
        if (!fresh) co_return fresh.error();
        channel = std::move(*fresh);
    }
    bool keep = false;
    auto response = co_await channel->exchange(request, options_, deadline, keep);
    // A write that went out may have been carried out, whatever became of its answer.
    const bool harmless = is_read(request.method) || !channel->sent_anything();
    const bool stale = !response && reused && harmless && !channel->answered_anything() &&
                       response.error().code != Errc::timed_out;
    if (stale) {
        auto fresh = co_await connect(request.origin, deadline);
        if (!fresh) co_return fresh.error();
        channel = std::move(*fresh);
        response = co_await channel->exchange(request, options_, deadline, keep);
    }
    if (keep) {
        channel->rest();
        auto& idle = idle_[request.origin];
        idle.push_back(std::move(channel));
        if (idle.size() > options_.idle_per_origin) idle.pop_front();
    }
    co_return response;
}

bool connect_failed(const Error& error) noexcept { return error.detail.starts_with(connect_prefix); }

}  // namespace cadenza::http
