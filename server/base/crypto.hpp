#pragma once

// The few primitives we need, all from OpenSSL. Keys are 32 bytes.

#include <optional>
#include <string>
#include <string_view>

namespace cadenza::server {

// From the operating system's generator. Aborts when that fails: nothing may go on with weak bytes.
std::string random_bytes(std::size_t count);
// `count` random bytes as base64url text.
std::string random_token(std::size_t count);

std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);
// RFC 5869 with SHA-256, 32 bytes out.
std::string hkdf(std::string_view key, std::string_view salt, std::string_view info);

// AES-256-GCM: nonce (12 bytes, random) + ciphertext + tag (16). `purpose` is authenticated, not stored.
std::string seal(std::string_view key, std::string_view plain, std::string_view purpose);
// nullopt when the key, the purpose or a single bit is another.
std::optional<std::string> open(std::string_view key, std::string_view sealed, std::string_view purpose);

// In constant time for equal lengths.
bool same(std::string_view a, std::string_view b);

}  // namespace cadenza::server
