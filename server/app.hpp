#pragma once

// The whole server behind one handler: gate, sign-in, API, pages and files, with the headers and the access
// log all of them share.

#include "server/base/request_ids.hpp"
#include "server/http/gate.hpp"
#include "server/http/readiness.hpp"
#include "server/http/static_files.hpp"
#include "server/rates.hpp"
#include "server/routes/sign_in.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace cadenza::server {

class App {
public:
    // `files` is empty for an API without a page. All references must outlive it.
    App(const Services& services, std::optional<http::StaticFiles> files);

    asio::awaitable<http::Response> handle(http::Request request);
    // The answer to what did not become a whole request; `request` is what is known of it.
    http::Response refuse(const http::Refusal& refusal, const http::Request& request) const;

    // What /readyz answers by. stop() from the first SIGTERM on: not ready, still serving.
    http::Readiness& readiness() { return readiness_; }
    // Of the way to Spotify.
    GatewayStats gateway_stats() const { return gateway_.stats(); }
    // Sets the gauges of what has a state just now.
    void measure() const;

private:
    // The addresses beside the endpoint table and the files, all of them read only; and the redirect URI's.
    static constexpr std::array<std::string_view, 4> addresses{"/livez", "/readyz", "/auth/login",
                                                               "/api/openapi.json"};

    asio::awaitable<http::Response> answer_in_time(std::shared_ptr<http::Request> request);
    // The answer in a handler's place when the client asks too often; `fields` go with any answer.
    asio::awaitable<std::optional<http::Response>> limit_rate(const http::Request& request,
                                                              http::Headers& fields);
    asio::awaitable<http::Response> answer(std::shared_ptr<const http::Request> request);
    std::optional<http::Response> gate(const http::Request& request) const;
    bool has_address(std::string_view path) const;
    http::Response answer_ready() const;
    http::Response answer_page(const http::Request& request) const;
    http::Response problem(const http::Failure& failure, const std::string& request_id) const;
    void add_common_headers(std::optional<bool> secure, http::Response& response) const;
    void settle_files();
    std::string_view route_of(const http::Request& request) const;
    void count_refused(const http::Request& request, const http::Failure& failure) const;
    void declare_routes();
    void tell(const http::Request& request, const http::Response& response,
              std::chrono::steady_clock::time_point began) const;

    const Services& services_;
    RequestIds ids_;
    http::GateRules rules_;
    std::string redirect_path_;
    http::SecurityPolicy policy_;
    std::shared_ptr<const http::Headers> common_headers_;
    std::shared_ptr<const http::Headers> insecure_headers_;
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
