#pragma once

// Finds what answers a request in a table of methods and path patterns.

#include "server/http/message.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cadenza::http {

using PathParameters = std::vector<std::pair<std::string, std::string>>;

class Router {
public:
    struct Match {
        std::size_t route;  // as add() returned it
        PathParameters parameters;
    };
    struct WrongMethod {
        std::string allow;  // "GET, HEAD, POST"
    };
    struct NoPath {};

    // `pattern` such as "/api/albums/{id}/tracks"; a parameter is one whole segment.
    std::size_t add(Method method, std::string_view pattern);
    // HEAD is answered by GET's route.
    std::variant<Match, WrongMethod, NoPath> find(Method method, std::string_view path) const;

private:
    struct Route {
        Method method;
        std::vector<std::string> segments;
    };
    std::vector<Route> routes_;
};

}  // namespace cadenza::http
