#include "server/base/base64url.hpp"
#include "server/base/clock.hpp"
#include "server/config_address.hpp"
#include "server/doctor/asking.hpp"

namespace cadenza::server::doctor {
namespace {

constexpr std::chrono::seconds patience(4);

asio::awaitable<Asked> ask(const Transport& transport, http::ClientRequest request) {
    const auto before = system_now();
    auto answer = co_await transport(std::move(request), patience);
    const auto middle = before + (system_now() - before) / 2;
    Asked out;
    if (!answer) {
        out.unreachable = answer.error().detail;
        co_return out;
    }
    out.status = answer->status;
    out.body = std::move(answer->body);
    out.content_type = answer->headers.find("Content-Type").value_or("");
    if (const auto date = answer->headers.find("Date"))
        if (const auto theirs = parse_http_date(std::string(*date))) {
            constexpr std::int64_t half_a_second = 500;  // what the date leaves out, on average
            out.ahead = std::chrono::milliseconds(middle - *theirs - half_a_second);
        }
    co_return out;
}

}  // namespace

asio::awaitable<Asked> ask_service(const Transport& transport, std::string address, std::string accept) {
    const auto origin = origin_of(address);
    co_return co_await ask(transport, {.method = Method::get,
                                       .origin = origin,
                                       .target = path_of(address),
                                       .headers = {{"Accept", std::move(accept)}},
                                       .body = {}});
}

asio::awaitable<Asked> ask_for_token(const Transport& transport, const Config& config) {
    const auto origin = origin_of(config.accounts_url);
    http::ClientRequest request{.method = Method::post,
                                .origin = origin,
                                .target = config.accounts_url.substr(origin.size()) + "/api/token",
                                .headers = {},
                                .body = "grant_type=client_credentials"};
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.headers.add("Accept", "application/json");
    request.headers.add("Authorization",
                        "Basic " + to_base64(config.client_id + ":" + config.client_secret.reveal()));
    co_return co_await ask(transport, std::move(request));
}

}  // namespace cadenza::server::doctor
