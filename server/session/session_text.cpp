#include "server/session/session_text.hpp"

#include "shared/base/json.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>
#include <iterator>

namespace cadenza::server {

BOOST_DESCRIBE_STRUCT(SessionSummary, (), (id, created_at, last_used, user_agent))

namespace {

// Named apart from Session's own members, whose tokens have no way to text.
struct AccountText {
    std::string key;
    std::string spotify_id;
    std::string name;
    std::string image_url;
    std::string access_token;
    std::int64_t access_expires_at{};
    std::string refresh_token;
    std::int64_t authorized_at{};
    std::vector<std::string> scopes;
    bool reauthorize{};
};
BOOST_DESCRIBE_STRUCT(AccountText, (),
                      (key, spotify_id, name, image_url, access_token, access_expires_at, refresh_token,
                       authorized_at, scopes, reauthorize))

struct SessionText {
    std::vector<AccountText> accounts;
    std::uint32_t active{};
    std::int64_t created_at{};
    std::int64_t last_used{};
    std::string id;
    std::string user_agent;
    std::int64_t version{};
    std::optional<std::string> promised_sid;
};
BOOST_DESCRIBE_STRUCT(SessionText, (),
                      (accounts, active, created_at, last_used, id, user_agent, version, promised_sid))

AccountText text_of(const Account& account) {
    const auto& grant = account.grant;
    return {account.key,
            account.spotify_id,
            account.name,
            account.image_url,
            grant.access_token.reveal(),
            grant.access_expires_at,
            grant.refresh_token.reveal(),
            grant.authorized_at,
            grant.scopes,
            account.reauthorize};
}

Account account_of(AccountText text) {
    Grant grant{Secret(std::move(text.access_token)), text.access_expires_at,
                Secret(std::move(text.refresh_token)), text.authorized_at, std::move(text.scopes)};
    return {std::move(text.key),       std::move(text.spotify_id), std::move(text.name),
            std::move(text.image_url), std::move(grant),           text.reauthorize};
}

}  // namespace

std::string to_text(const Session& session) {
    SessionText text{.active = static_cast<std::uint32_t>(session.active),
                     .created_at = session.created_at,
                     .last_used = session.last_used,
                     .id = session.id,
                     .user_agent = session.user_agent,
                     .version = session.version};
    if (!session.promised_sid.empty()) text.promised_sid = session.promised_sid.reveal();
    std::transform(session.accounts.begin(), session.accounts.end(), std::back_inserter(text.accounts),
                   text_of);
    return encode(text);
}

std::optional<Session> session_from_text(std::string_view text) {
    auto read = decode<SessionText>(text);
    if (!read || read->active >= read->accounts.size()) return std::nullopt;
    Session out;
    for (auto& account : read->accounts) out.accounts.push_back(account_of(std::move(account)));
    out.active = read->active;
    out.created_at = read->created_at;
    out.last_used = read->last_used;
    out.id = std::move(read->id);
    out.user_agent = std::move(read->user_agent);
    out.version = read->version;
    out.promised_sid = Secret(std::move(read->promised_sid).value_or(""));
    return out;
}

std::string to_text(const SessionSummary& summary) { return encode(summary); }

std::optional<SessionSummary> summary_from_text(std::string_view text) {
    auto read = decode<SessionSummary>(text);
    if (!read) return std::nullopt;
    return std::move(*read);
}

}  // namespace cadenza::server
