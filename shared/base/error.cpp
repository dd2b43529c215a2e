#include "shared/base/error.hpp"

#include <boost/describe/enum.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <cstdlib>

#if defined(__cpp_exceptions)
#include <stdexcept>
#endif

namespace cadenza {

BOOST_DESCRIBE_ENUM(Errc, malformed_json, schema_mismatch, invalid_value, not_found, unauthorized, forbidden,
                    rate_limited, upstream_failed, storage_failed, timed_out)

std::string_view name(Errc code) noexcept { return boost::describe::enum_to_string(code, "unknown"); }

void throw_exception_from_error([[maybe_unused]] const Error& error,
                                [[maybe_unused]] const boost::source_location& where) {
#if defined(__cpp_exceptions)
    throw std::logic_error(std::string(where.file_name()) + ": unchecked " + std::string(name(error.code)) +
                           ": " + error.detail);
#else
    std::abort();
#endif
}

}  // namespace cadenza
