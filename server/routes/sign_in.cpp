#include "server/routes/sign_in.hpp"

#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"
#include "server/session/sid.hpp"
#include "server/spotify/wire.hpp"

#include <algorithm>

namespace cadenza::server {
namespace {

std::string parameter(const http::Request& request, std::string_view name) {
    const auto parameters = parse_query(request.query);
    if (!parameters) return {};
    for (const auto& [key, value] : *parameters)
        if (key == name) return value;
    return {};
}

std::string_view problem_of(ProblemCode code) {
    switch (code) {
        case ProblemCode::not_registered: return "not_registered";
        case ProblemCode::owner_not_premium: return "owner_not_premium";
        default: return "exchange";
    }
}

}  // namespace

http::Response SignIn::login(const http::Request& request) const {
    const auto& services = backend_.services;
    const auto flow = SignInCookies::begin(safe_return_to(parameter(request, "return_to")),
                                           backend_.sessions.key_of(request), services.clock());
    const bool demo = services.config.demo && parameter(request, "demo") == "1";
    auto response = http::Response::redirect(backend_.oauth.authorize_url(flow.state, flow.verifier, demo));
    for (auto& cookie : cookies_.set(request, flow)) response.headers.add("Set-Cookie", std::move(cookie));
    return response;
}

http::Response SignIn::fail(std::string_view problem, const std::string& state,
                            const http::Request& request) const {
    backend_.services.metrics.logins.add({problem});
    backend_.services.log.info("sign_in_failed", {{"problem", problem}, {"request_id", request.id}});
    auto response =
        http::Response::redirect(backend_.services.config.frontend_url + "/?problem=" + std::string(problem));
    response.headers.add("Set-Cookie", cookies_.clear(state));
    return response;
}

bool SignIn::use_once(const std::string& state, std::int64_t now) {
    constexpr std::int64_t lifetime_ms = 600'000;
    constexpr std::size_t most = 10'000;
    std::erase_if(used_states_, [&](const auto& used) { return used.second < now; });
    // Whoever replays one of those has its cookie, and Spotify takes no code twice.
    if (used_states_.size() >= most)
        used_states_.erase(
            std::ranges::min_element(used_states_, {}, &decltype(used_states_)::value_type::second));
    return used_states_.emplace(state, now + lifetime_ms).second;
}

asio::awaitable<http::Outcome<Account>> SignIn::account_of(Grant grant, Deadline deadline) {
    const auto token = grant.access_token;
    // Nobody's session yet: this token or none.
    const auto nobody = "sign-in " + to_base64url(sha256(token.reveal()));
    Caller caller{nobody, nobody, deadline,
                  [token](bool, Deadline) -> asio::awaitable<http::Outcome<Secret>> { co_return token; }};
    const auto body = co_await backend_.gateway.get(std::move(caller), "/me");
    if (!body) co_return body.error();
    auto me = decode<wire::Me>(**body);
    if (!me)
        co_return http::Failure{
            ProblemCode::upstream_unavailable, "Spotify answered something unknown.", {}, {}};
    Account account;
    account.key = account_key(backend_.services.config.client_secret, me->id);
    account.spotify_id = me->id;
    account.name = me->display_name.value_or(me->id);
    if (me->images) {
        if (const auto* image = best_image(me->images->items, 64)) account.image_url = image->url.str();
    }
    account.grant = std::move(grant);
    co_return account;
}

asio::awaitable<http::Response> SignIn::callback(const http::Request& request) {
    const auto& services = backend_.services;
    const auto state = parameter(request, "state");
    const auto flow = cookies_.find(request, state, services.clock());
    if (!flow || !use_once(state, services.clock())) co_return fail("state", state, request);
    if (const auto error = parameter(request, "error"); !error.empty())
        co_return fail(error == "access_denied" ? "denied" : "exchange", state, request);

    auto grant =
        co_await backend_.oauth.exchange(parameter(request, "code"), flow->verifier, request.deadline);
    if (!grant) co_return fail("exchange", state, request);
    auto account = co_await account_of(std::move(*grant), request.deadline);
    if (!account) co_return fail(problem_of(account.error().code), state, request);

    const auto key = account->key;
    auto created = co_await backend_.sessions.create(request, std::move(*account));
    if (!created) co_return fail("exchange", state, request);
    // A session that was there before is over; its sid, should somebody have planted it, becomes nobody's.
    // Not before there is a new one: a store that is full begins none, but would end this.
    if (!flow->session_key.empty()) {
        if (const auto ended = co_await backend_.sessions.end(flow->session_key))
            services.metrics.sessions_ended.add({"replaced"});
        else
            services.log.warn("former_session_not_ended", {{"request_id", request.id}});
    }
    co_await backend_.gateway.forget(key);  // who signs in anew wants to see what is so now
    services.metrics.logins.add({"ok"});
    services.log.info("sign_in", {{"account", key}, {"request_id", request.id}});
    auto response = http::Response::redirect(services.config.frontend_url + flow->return_to);
    response.headers.add("Set-Cookie", cookies_.clear(state));
    co_return response;
}

}  // namespace cadenza::server
