#pragma once

#include "wasm-client/app/state.hpp"
#include "wasm-client/html/screen.hpp"

#include <string>
#include <string_view>

namespace cadenza::client {

// The client between two calls: what it knows, and what it last showed. It begins with the screen the page's
// shell was written from.
class Core {
public:
    Core();

    // One Call of ports/host.hpp in, one Reply out, both JSON. A call that cannot be read is answered with
    // nothing.
    std::string call(std::string_view json);

private:
    Reply answer(const Call& call);

    State state_;
    Screen shown_;
};

}  // namespace cadenza::client
