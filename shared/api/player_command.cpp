#include "shared/api/player_command.hpp"

namespace cadenza::command {

Status validate(const Play& play) {
    if (play.context_uri.has_value() != play.uris.empty())
        return Error{Errc::invalid_value, "exactly one of context_uri and uris expected"};
    if (play.offset && play.offset->position.has_value() == play.offset->uri.has_value())
        return Error{Errc::invalid_value, "offset takes exactly one of position and uri"};
    return {};
}

}  // namespace cadenza::command
