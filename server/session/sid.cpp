#include "server/session/sid.hpp"

#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"

namespace cadenza::server {
namespace {

constexpr std::size_t digest_size = 43;  // 32 bytes in base64url

}  // namespace

std::string account_key(const Secret& client_secret, std::string_view spotify_id) {
    const auto name = "account " + std::string(spotify_id);
    return to_base64url(hmac_sha256(client_secret.reveal(), name).substr(0, 18));
}

std::string account_tag(std::string_view account) {
    return to_base64url(sha256("account tag " + std::string(account)).substr(0, 8));
}

std::string new_sid(std::string_view account) { return account_tag(account) + random_token(32); }

// Not only those made now: another length, of an earlier or a later version, is unknown, not malformed.
bool is_sid(std::string_view ticket) {
    return ticket.size() >= digest_size && ticket.size() <= 64 && is_base64url(ticket);
}

std::string store_key(std::string_view sid) {
    return std::string(sid.substr(0, account_tag_size)) + to_base64url(sha256(sid));
}

bool is_store_key(std::string_view key) {
    return key.size() == account_tag_size + digest_size && is_base64url(key);
}

std::string public_id(std::string_view key) {
    return to_base64url(sha256("session id " + std::string(key)).substr(0, 16));
}

}  // namespace cadenza::server
