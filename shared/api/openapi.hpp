#pragma once

#include <string>
#include <string_view>

namespace cadenza {

// The OpenAPI 3.1 document of the endpoint table, as `cadenza-server --openapi` prints it.
std::string openapi_document(std::string_view version);

}  // namespace cadenza
