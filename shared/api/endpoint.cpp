#include "shared/api/endpoint.hpp"

#include "shared/base/query.hpp"

namespace cadenza {

std::string address(const EndpointInfo& endpoint, const void* path, const void* query) {
    std::string out;
    std::string_view rest = endpoint.path;
    while (!rest.empty()) {
        const auto open = rest.find('{');
        out += rest.substr(0, open);
        if (open == rest.npos) break;
        const auto close = rest.find('}', open);
        const auto wanted = rest.substr(open + 1, close - open - 1);
        for (const auto& field : endpoint.parameters->fields)
            if (field.name == wanted)
                out += percent_encode(field.type->get_text(field.at(const_cast<void*>(path))));
        rest.remove_prefix(close + 1);
    }
    const auto parameters = json::encode_parameters(*endpoint.query, query);
    return parameters.empty() ? out : out + "?" + parameters;
}

}  // namespace cadenza
