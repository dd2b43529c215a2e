#pragma once

// The real server over real sockets, with the emulator as Spotify over real sockets too.

#include "server/app.hpp"
#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"
#include "server/emulator/emulator.hpp"
#include "server/http/client.hpp"
#include "server/http/listener.hpp"
#include "server/session/measured_session_store.hpp"
#include "server/session/memory_session_store.hpp"
#include "server/spotify/measured_transport.hpp"
#include "tests/server/secrets.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace cadenza::server {

// A browser's cookies, as far as these tests need them.
class Jar {
public:
    void take(const http::ClientResponse& response) {
        for (const auto& [name, value] : response.headers) {
            if (name != "Set-Cookie") continue;
            set_cookies.push_back(value);
            const auto equals = value.find('=');
            const auto end = value.find(';');
            const auto key = value.substr(0, equals);
            if (value.find("Max-Age=0") != value.npos)
                cookies_.erase(key);
            else
                cookies_[key] = value.substr(equals + 1, end - equals - 1);
        }
    }
    std::string header() const {
        std::string out;
        for (const auto& [name, value] : cookies_) out += (out.empty() ? "" : "; ") + name + "=" + value;
        return out;
    }
    std::string get(const std::string& name) const {
        const auto found = cookies_.find(name);
        return found == cookies_.end() ? "" : found->second;
    }
    void set(const std::string& name, std::string value) { cookies_[name] = std::move(value); }
    std::vector<std::string> set_cookies;

private:
    std::map<std::string, std::string> cookies_;
};

class Harness {
public:
    asio::io_context context{1};
    asio::ssl::context tls{asio::ssl::context::tls_client};
    http::Client client{context.get_executor(), tls};
    std::vector<std::string> lines;
    Log log{Level::debug, LogFormat::json, [this](std::string_view line) { lines.emplace_back(line); }};
    std::int64_t shift{};
    Clock clock{[this] { return system_now() + shift; }};
    std::vector<http::ClientRequest> upstream;        // what went to Spotify
    std::vector<std::chrono::milliseconds> timeouts;  // that came with it
    std::chrono::milliseconds stall{};                // how long Spotify takes; the timeout ends it
    std::string stalled;                              // only where the target ends so
    bool stuck{};                                     // not even that ends it
    // Answers in Spotify's place when it returns something.
    std::function<std::optional<http::ClientResponse>(const http::ClientRequest&)> intercept;
    // Spotify keeps a request waiting as long as this says so.
    std::function<bool(const http::ClientRequest&)> hold;
    int received{};    // requests that reached the app
    int hold_until{};  // Spotify answers once there were so many
    Config config;
    std::unique_ptr<emulator::Emulator> spotify;
    std::unique_ptr<http::Listener> spotify_listener;
    ServerMetrics metrics{"test"};
    Transport transport{
        measured_transport(Transport([this](http::ClientRequest request, std::chrono::milliseconds timeout) {
                               return pass(std::move(request), timeout);
                           }),
                           metrics)};
    std::string key = random_bytes(32);
    KeyRing keys{{{"test", Secret(key)}}};
    Secrets secrets;
    MemorySessionStore store{{}};
    std::unique_ptr<Services> services;
    std::unique_ptr<App> app;
    std::unique_ptr<http::Listener> listener;
    Jar jar;

    explicit Harness(std::string frontend = "") {
        emulator::Options options;
        options.liked = 120;
        options.playlists = 8;
        options.auto_approve = true;
        options.lag_ms = 0;
        spotify = std::make_unique<emulator::Emulator>(context.get_executor(), options);
        spotify_listener = std::make_unique<http::Listener>(
            context.get_executor(),
            [this](http::Request request) { return spotify->handle(std::move(request)); });
        REQUIRE(spotify_listener->bind("127.0.0.1", 0));
        spotify_listener->start();
        http::ListenerOptions refusing;
        refusing.refuse = [this](const http::Refusal& refusal, const http::Request& request) {
            return app->refuse(refusal, request);
        };
        listener = std::make_unique<http::Listener>(
            context.get_executor(),
            [this](http::Request request) {
                ++received;
                return app->handle(std::move(request));
            },
            std::move(refusing));
        REQUIRE(listener->bind("127.0.0.1", 0));
        config.demo = true;
        settle_demo(config, listener->port(), spotify_listener->port());
        config.client_id = "cadenza-demo";
        config.client_secret = Secret("cadenza-demo-secret");
        config.scopes =
            "user-read-private user-library-read user-library-modify playlist-read-private user-top-read "
            "user-read-recently-played user-follow-read user-read-playback-state "
            "user-modify-playback-state user-read-currently-playing streaming";
        if (!frontend.empty()) config.frontend_url = std::move(frontend);
        config.session_idle = std::chrono::hours(24 * 14);
        config.session_absolute = std::chrono::hours(24 * 180);
        spotify->set_base("http://127.0.0.1:" + std::to_string(spotify_listener->port()));
        services = std::make_unique<Services>(
            Services{context.get_executor(), config, log, clock, keys, store, transport, metrics});
        app = std::make_unique<App>(*services, std::nullopt);
        listener->start();
        secrets.add(config.client_secret.reveal());
        secrets.add(to_base64(key));
    }
    // Whatever a test did: nothing secret was logged, measured, or told by either.
    ~Harness() {
        secrets.expect_none_in(lines);
        secrets.expect_none_in({to_prometheus(metrics.snapshot())});
    }
    Harness(const Harness&) = delete;
    Harness& operator=(const Harness&) = delete;

    // From now on with a page: the built site in `folder`.
    void serve(const std::string& folder) {
        auto files = http::StaticFiles::load(folder);
        REQUIRE(files);
        app = std::make_unique<App>(*services, std::move(*files));
    }

    // From now on with these sessions.
    void use(SessionStore& sessions) {
        services = std::make_unique<Services>(
            Services{context.get_executor(), config, log, clock, keys, sessions, transport, metrics});
        app = std::make_unique<App>(*services, std::nullopt);
    }

    // These bytes and then no more; what comes back until the server closes.
    std::string raw(const std::string& bytes) {
        asio::ip::tcp::socket socket(context);
        socket.connect({asio::ip::address_v4::loopback(), listener->port()});
        asio::write(socket, asio::buffer(bytes));
        socket.shutdown(asio::ip::tcp::socket::shutdown_send);
        std::string out;
        bool closed = false;
        asio::async_read(socket, asio::dynamic_buffer(out), [&](const auto&, auto) { closed = true; });
        while (!closed) context.run_one();
        return out;
    }

    // Lines of this event in the log.
    std::vector<std::string> logged(const std::string& event) const {
        std::vector<std::string> out;
        for (const auto& line : lines)
            if (line.find("\"event\":\"" + event + "\"") != line.npos) out.push_back(line);
        return out;
    }

    http::ClientResponse ask(Method method, const std::string& url, http::Headers headers = {},
                             std::string body = {}) {
        const auto path = url.find('/', 8);
        http::ClientRequest request{.method = method,
                                    .origin = url.substr(0, path),
                                    .target = url.substr(path),
                                    .headers = std::move(headers),
                                    .body = std::move(body)};
        std::optional<Result<http::ClientResponse>> answer;
        asio::co_spawn(
            context,
            [&]() -> asio::awaitable<void> {
                answer = co_await client.send(request, std::chrono::seconds(20));
            },
            asio::detached);
        while (!answer) context.run_one();
        REQUIRE(*answer);
        secrets.learn(**answer);
        return std::move(**answer);
    }
    // As the page's fetch would, with the cookies.
    http::Headers get_fields(http::Headers headers = {}) const {
        headers.add("Cookie", jar.header());
        return headers;
    }
    http::Headers post_fields(http::Headers headers = {}) const {
        headers.add("Cookie", jar.header());
        headers.add("Origin", config.frontend_url);
        headers.add("X-Cadenza", "1");
        return headers;
    }
    http::ClientResponse get(const std::string& target, http::Headers headers = {}) {
        auto answer = ask(Method::get, config.own_origin + target, get_fields(std::move(headers)));
        jar.take(answer);
        return answer;
    }
    http::ClientResponse post(const std::string& target, std::string body = {}, http::Headers headers = {}) {
        headers = post_fields(std::move(headers));
        if (!body.empty()) headers.add("Content-Type", "application/json");
        auto answer = ask(Method::post, config.own_origin + target, std::move(headers), std::move(body));
        jar.take(answer);
        return answer;
    }
    http::ClientResponse remove(const std::string& target, http::Headers headers = {}) {
        auto answer = ask(Method::delete_, config.own_origin + target, post_fields(std::move(headers)));
        jar.take(answer);
        return answer;
    }
    // As the page would: whatever the method wants.
    http::ClientResponse call(Method method, const std::string& target, http::Headers headers = {}) {
        if (method == Method::get) return get(target, std::move(headers));
        if (method == Method::delete_) return remove(target, std::move(headers));
        return post(target, "{}", std::move(headers));
    }
    // All at the same time; their statuses, in the order they came. Spotify waits until all have arrived.
    std::vector<int> at_once(const std::vector<http::ClientRequest>& requests) {
        hold_until = received + static_cast<int>(requests.size());
        std::vector<int> statuses;
        for (const auto& request : requests)
            asio::co_spawn(context, client.send(request, std::chrono::seconds(20)),
                           [&](const std::exception_ptr&, const Result<http::ClientResponse>& answer) {
                               statuses.push_back(answer ? answer->status : 0);
                           });
        while (statuses.size() < requests.size()) context.run_one();
        return statuses;
    }

    // Under way until the test awaits it.
    std::shared_ptr<std::optional<http::ClientResponse>> begin(Method method, const std::string& target,
                                                               http::Headers headers, std::string body = {}) {
        const auto out = std::make_shared<std::optional<http::ClientResponse>>();
        http::ClientRequest request{.method = method,
                                    .origin = config.own_origin,
                                    .target = target,
                                    .headers = std::move(headers),
                                    .body = std::move(body)};
        asio::co_spawn(context, client.send(std::move(request), std::chrono::seconds(20)),
                       [out](const std::exception_ptr&, Result<http::ClientResponse> answer) {
                           *out = answer ? std::move(*answer) : http::ClientResponse{};
                       });
        return out;
    }
    void run_until(const std::function<bool()>& condition) {
        while (!condition()) context.run_one();
    }
    // As a new process with the same settings.
    void restart() { app = std::make_unique<App>(*services, std::nullopt); }

    static std::string location(const http::ClientResponse& response) {
        return std::string(response.headers.find("Location").value_or(""));
    }
    // Through /authorize to the address of our callback.
    std::string authorize(const std::string& return_to = "/") {
        const auto login = get("/auth/login?return_to=" + return_to);
        REQUIRE(login.status == 303);
        return location(ask(Method::get, location(login)));
    }
    void sign_in() {
        const auto back = authorize();
        const auto done = get(back.substr(config.own_origin.size()));
        REQUIRE(location(done) == config.frontend_url + "/");
    }

private:
    asio::awaitable<Result<http::ClientResponse>> pass(http::ClientRequest request,
                                                       std::chrono::milliseconds timeout) {
        upstream.push_back(request);
        timeouts.push_back(timeout);
        if (stuck || (stall.count() > 0 && request.target.ends_with(stalled))) {
            asio::steady_timer timer(context, stuck ? std::chrono::hours(1) : std::min(stall, timeout));
            co_await timer.async_wait(asio::use_awaitable);
            if (stall > timeout) co_return Error{Errc::timed_out, "read: timed out"};
        }
        while (received < hold_until) co_await asio::post(context, asio::use_awaitable);
        while (hold && hold(request)) co_await asio::post(context, asio::use_awaitable);
        secrets.learn(request);
        if (intercept) {
            if (auto answer = intercept(request)) {
                secrets.learn(*answer);
                co_return std::move(*answer);
            }
        }
        auto answer = co_await client.send(std::move(request), timeout);
        if (answer) secrets.learn(*answer);
        co_return answer;
    }
};

}  // namespace cadenza::server
