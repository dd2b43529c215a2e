#pragma once

// REDIS_URL:
//   redis://[user[:password]@]host[:port][/database]      rediss:// with TLS
//   redis+sentinel://…@host:26379,host/master[/database]  rediss+sentinel://
//   redis+cluster://…@host,host                           rediss+cluster://
//   unix://[user:password@]/path
// Options after "?": db (unix), sentinel_user, sentinel_password (sentinel), ca, cert, key (TLS: paths of
// files). User, password, path and values are percent-encoded where they contain what the URL uses.

#include "server/redis/options.hpp"
#include "shared/base/error.hpp"

#include <string>
#include <string_view>

namespace cadenza::redis {

// Errors: invalid_value; the detail says what is wrong and what would be right, and quotes nothing of the
// URL, because a password with a stray character may be anywhere in it.
Result<Options> parse_url(std::string_view url);

// The URL again, with "***" for passwords.
std::string describe(const Options& options);

}  // namespace cadenza::redis
