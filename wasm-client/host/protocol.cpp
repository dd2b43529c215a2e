#include "wasm-client/host/protocol.hpp"

#include "shared/base/schema.hpp"
#include "wasm-client/ports/host.hpp"

namespace cadenza::client {

std::string protocol_schema() {
    SchemaWriter writer("#/$defs/");
    writer.reference(json::type_of<Call>);
    writer.reference(json::type_of<Reply>);
    return "{\"$defs\":" + writer.definitions() + "}";
}

}  // namespace cadenza::client
