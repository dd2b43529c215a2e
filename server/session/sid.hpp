#pragma once

// The name of a session that the server keeps: what the cookie says, and what is made from it.
//
//   sid   11 characters that say whose it is, and 32 random bytes as 43 of base64url
//   key   the same 11, and the sid's SHA-256: how stores know it, so that reading a store gives no cookies
//   id    made from the key, for lists that people read: leads to neither
//
// The first 11 are there so that all keys of one user share a slot of a Redis cluster.

#include "server/base/secret.hpp"

#include <string>
#include <string_view>

namespace cadenza::server {

inline constexpr std::size_t account_tag_size = 11;

// What a Spotify user is called here, in logs and in answers. It says nothing about the user to anyone who
// has not got the client's secret.
std::string account_key(const Secret& client_secret, std::string_view spotify_id);
// 64 bits of the account key's hash.
std::string account_tag(std::string_view account);
// Never given twice.
std::string new_sid(std::string_view account);
// Whether this may be a sid; a sealed session never is. Anything else never reaches a store.
bool is_sid(std::string_view ticket);
std::string store_key(std::string_view sid);
bool is_store_key(std::string_view key);
std::string public_id(std::string_view key);

}  // namespace cadenza::server
