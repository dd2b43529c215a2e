#pragma once

// The whole server behind one handler: gate, sign-in, API, pages and files, with the headers and the access
// log all of them share.

#include "server/base/trace.hpp"
#include "server/http/gate.hpp"
#include "server/http/readiness.hpp"
#include "server/http/static_files.hpp"
#include "server/rates.hpp"
#include "server/routes/sign_in.hpp"

#include <memory>
#include <optional>

namespace cadenza::server {

class App {
public:
    // `files` is empty for an API without a page. All references must outlive it.
    App(const Services& services, std::optional<http::StaticFiles> files);

    asio::awaitable<http::Response> handle(http::Request request);
    // The answer to what never became a request.
    http::Response refuse(const http::Refusal& refusal) const;

    // What /readyz answers by. stop() from the first SIGTERM on: not ready, still serving.
    http::Readiness& readiness() { return readiness_; }
    // Of the way to Spotify.
    GatewayStats gateway_stats() const { return gateway_.stats(); }
    // Sets the gauges of what has a state just now.
    void measure() const;

private:
    asio::awaitable<http::Response> answer_in_time(std::shared_ptr<http::Request> request);
    // The answer in a handler's place when the client asks too often; `fields` go with any answer.
    asio::awaitable<std::optional<http::Response>> limit_rate(const http::Request& request,
                                                              http::Headers& fields);
    asio::awaitable<http::Response> answer(std::shared_ptr<const http::Request> request);
    std::optional<http::Response> gate(const http::Request& request) const;
    bool has_address(const std::string& path) const;
    http::Response answer_ready() const;
    http::Response answer_page(const http::Request& request) const;
    http::Response problem(const http::Failure& failure, const std::string& request_id) const;
    void settle_files();
    std::string_view route_of(const http::Request& request) const;
    void count_refused(const http::Request& request, const http::Failure& failure) const;
    void declare_routes();
    // What is told of every request.
    struct Told {
        const http::Request& request;
        const http::Response& response;
        const Trace& trace;
        std::chrono::steady_clock::time_point began;
    };
    void tell(const Told& told) const;

    const Services& services_;
    http::GateRules rules_;
    http::SecurityPolicy policy_;
    std::optional<http::StaticFiles> files_;
    OAuth oauth_;
    Sessions sessions_;
    Gateway gateway_;
    AppliedEdits applied_edits_;
    Backend backend_;
    SignIn sign_in_;
    Routes routes_;
    std::string openapi_;
    std::optional<Rates> rates_;
    http::Readiness readiness_;
};

}  // namespace cadenza::server
