#pragma once

#include <string>
#include <string_view>

namespace cadenza::sentry {

// What may leave of a field: nothing of one whose name says that it is secret (cookies, Authorization,
// tokens, codes, keys); of any other value no query, no credentials, and no word that looks like a token.
std::string scrub(std::string_view name, std::string_view value);

}  // namespace cadenza::sentry
