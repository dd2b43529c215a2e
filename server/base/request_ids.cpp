#include "server/base/request_ids.hpp"

#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"

namespace cadenza::server {
namespace {

constexpr std::size_t id_size = 12;
constexpr std::size_t ids_at_once = 64;

}  // namespace

std::string RequestIds::next() {
    if (used_ == bytes_.size()) {
        bytes_ = random_bytes(id_size * ids_at_once);
        used_ = 0;
    }
    const auto bytes = std::string_view(bytes_).substr(used_, id_size);
    used_ += id_size;
    return to_base64url(bytes);
}

}  // namespace cadenza::server
