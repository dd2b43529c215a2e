#pragma once

#include <optional>
#include <string_view>

namespace cadenza {

enum class Method { get, head, post, put, delete_, options };

// "DELETE"
std::string_view name(Method method) noexcept;
// Whether it only reads (RFC 9110, 9.2.1).
constexpr bool is_safe(Method method) noexcept {
    return method == Method::get || method == Method::head || method == Method::options;
}
// Whether it reads what is at the address, with its body or without.
constexpr bool is_read(Method method) noexcept { return method == Method::get || method == Method::head; }
// nullopt for any other method. Case-sensitive, as HTTP is.
std::optional<Method> parse_method(std::string_view text) noexcept;

}  // namespace cadenza
