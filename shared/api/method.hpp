#pragma once

#include <optional>
#include <string_view>

namespace cadenza {

enum class Method { get, head, post, put, delete_, options };

// "DELETE"
std::string_view name(Method method) noexcept;
// nullopt for any other method. Case-sensitive, as HTTP is.
std::optional<Method> parse_method(std::string_view text) noexcept;

}  // namespace cadenza
