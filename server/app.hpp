#pragma once

// The whole server behind one handler: gate, sign-in, API, pages and files, with the headers and the access
// log all of them share.

#include "server/http/gate.hpp"
#include "server/http/static_files.hpp"
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

    // Of the way to Spotify, for metrics.
    GatewayStats gateway_stats() const { return gateway_.stats(); }

    // From the first SIGTERM on: not ready, still serving.
    void stop_being_ready() { ready_ = false; }

private:
    asio::awaitable<http::Response> answer_in_time(std::shared_ptr<http::Request> request);
    asio::awaitable<http::Response> answer(std::shared_ptr<const http::Request> request);
    std::optional<http::Response> gate(const http::Request& request) const;
    bool has_address(const std::string& path) const;
    http::Response answer_page(const http::Request& request) const;
    http::Response problem(const http::Failure& failure, const std::string& request_id) const;
    void settle_files();
    void log_request(const http::Request& request, const http::Response& response, std::int64_t began) const;

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
    bool ready_{true};
};

}  // namespace cadenza::server
