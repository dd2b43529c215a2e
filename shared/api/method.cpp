#include "shared/api/method.hpp"

#include <array>
#include <utility>

namespace cadenza {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 6> methods{{
    {Method::get, "GET"},
    {Method::head, "HEAD"},
    {Method::post, "POST"},
    {Method::put, "PUT"},
    {Method::delete_, "DELETE"},
    {Method::options, "OPTIONS"},
}};

}  // namespace

std::string_view name(Method method) noexcept {
    for (const auto& [value, text] : methods)
        if (value == method) return text;
    return "";
}

std::optional<Method> parse_method(std::string_view text) noexcept {
    for (const auto& [value, word] : methods)
        if (word == text) return value;
    return std::nullopt;
}

}  // namespace cadenza
