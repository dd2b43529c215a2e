#pragma once

// Errors are values. A function that can fail for a reason outside the program's control returns
// Result<T>. Exceptions mean a bug or an exhausted machine, and end at the request boundary.

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace cadenza {

enum class Errc {
    malformed_json,   // the text is not JSON
    schema_mismatch,  // JSON of another shape; Error::detail begins with the place
    invalid_value,    // right shape, value outside its domain
    not_found,        // the named thing does not exist (or is not ours to see)
    unauthorized,     // no session, or Spotify no longer accepts our grant
    forbidden,        // known, but not allowed
    rate_limited,     // Spotify answered 429
    upstream_failed,  // Spotify answered something we cannot use, or could not be reached
    storage_failed,   // the session store is unreachable or answered an error
    timed_out,        // a deadline of ours passed
};

struct Error {
    Errc code{};
    std::string detail;  // for logs and developers; no secrets, never shown to users as is

    bool operator==(const Error&) const = default;
};

template <class T>
using Result = boost::system::result<T, Error>;
using Status = Result<void>;

// "schema_mismatch", for logs.
std::string_view name(Errc code) noexcept;

// Found by ADL from Result<T>::value(); reached only when a caller skipped the check.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

}  // namespace cadenza
