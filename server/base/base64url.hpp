#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cadenza::server {

// RFC 4648 section 5, without padding.
std::string to_base64url(std::string_view bytes);
// nullopt for other characters, padding, or a length no encoder makes.
std::optional<std::string> from_base64url(std::string_view text);
// Only characters of that alphabet.
bool is_base64url(std::string_view text);

// RFC 4648 section 4, with padding: HTTP Basic and keys as `openssl rand -base64 32` prints them.
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

}  // namespace cadenza::server
