#pragma once

// Query strings and path parameters ↔ described structs, by the same tables as JSON. Lists are written with
// commas (uris=a,b), empty optionals are left out.

#include "shared/base/error.hpp"
#include "shared/base/json_type.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cadenza {

// Everything but letters, digits and -._~ as %XX.
std::string percent_encode(std::string_view text);
// Errors: invalid_value for a broken escape. `plus_is_space` as in queries.
Result<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

// "a=1&b=x%20y" → {{"a", "1"}, {"b", "x y"}}. Errors: invalid_value.
Result<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

namespace json {
// `place` begins the error: "query" gives "query.limit: …". Unknown and repeated parameters are errors.
Status decode_parameters(const std::vector<std::pair<std::string, std::string>>& parameters, const Type& type,
                         void* out, std::string_view place);
// "offset=0&limit=50", without '?'.
std::string encode_parameters(const Type& type, const void* value);
}  // namespace json

// Errors: invalid_value; the detail begins with the place: "query.limit: integer from 1 to 50 expected".
template <class T>
Result<T> decode_query(std::string_view query) {
    const auto parameters = parse_query(query);
    if (!parameters) return parameters.error();
    T out{};
    if (auto status = json::decode_parameters(*parameters, json::type_of<T>, &out, "query"); !status)
        return status.error();
    return out;
}

template <class T>
std::string encode_query(const T& value) {
    return json::encode_parameters(json::type_of<T>, &value);
}

}  // namespace cadenza
