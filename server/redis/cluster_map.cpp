#include "server/redis/cluster_map.hpp"

#include <algorithm>
#include <charconv>

namespace cadenza::redis {
namespace {

using Kind = Reply::Kind;

template <class T>
bool read_number(std::string_view text, T& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size();
}

bool is_slot(const Reply& reply) {
    return reply.kind == Kind::integer && reply.integer >= 0 && reply.integer < slot_count;
}

bool is_node(const Reply& reply) {
    return reply.kind == Kind::array && reply.items.size() >= 2 && reply.items[1].kind == Kind::integer &&
           reply.items[1].integer > 0 && reply.items[1].integer <= 0xFFFF;
}

// [first slot, last slot, master, replicas …]
bool is_range(const Reply& reply) {
    return reply.kind == Kind::array && reply.items.size() >= 3 && is_slot(reply.items[0]) &&
           is_slot(reply.items[1]) && is_node(reply.items[2]);
}

Address address_of(const Reply& node, const Address& source) {
    const auto& host = node.items[0].text;
    return {.host = host.empty() || host == "?" ? source.host : host,
            .port = static_cast<std::uint16_t>(node.items[1].integer)};
}

}  // namespace

Result<ClusterMap> ClusterMap::read(const Reply& reply, const Address& source) {
    const bool good =
        reply.kind == Kind::array && std::all_of(reply.items.begin(), reply.items.end(), is_range);
    if (!good)
        return Error{Errc::storage_failed, reply.kind == Kind::error
                                               ? "redis: CLUSTER SLOTS refused"
                                               : "redis: CLUSTER SLOTS of another shape"};
    if (reply.items.empty()) return Error{Errc::storage_failed, "redis: the cluster has no slots yet"};
    ClusterMap out;
    for (const auto& range : reply.items) {
        const auto master = out.number_of(address_of(range.items[2], source));
        for (auto slot = range.items[0].integer; slot <= range.items[1].integer; ++slot)
            out.owners_[static_cast<std::size_t>(slot)] = master;
    }
    return out;
}

std::uint16_t ClusterMap::number_of(const Address& master) {
    const auto found = std::find(masters_.begin(), masters_.end(), master);
    const auto number = found - masters_.begin();
    if (found == masters_.end()) masters_.push_back(master);
    return static_cast<std::uint16_t>(number);
}

const Address* ClusterMap::master_of(std::uint16_t slot) const {
    const auto owner = owners_[slot];
    return owner == none ? nullptr : &masters_[owner];
}

void ClusterMap::move(std::uint16_t slot, const Address& to) { owners_[slot] = number_of(to); }

std::optional<Redirection> redirection_in(std::string_view text, const Address& source) {
    if (!text.starts_with("MOVED ") && !text.starts_with("ASK ")) return std::nullopt;
    text.remove_prefix(text.find(' ') + 1);
    const auto space = text.find(' ');
    const auto colon = text.rfind(':');  // an IPv6 address has no brackets here
    Redirection out;
    if (space == text.npos || colon == text.npos || colon < space) return std::nullopt;
    if (!read_number(text.substr(0, space), out.slot) || out.slot >= slot_count) return std::nullopt;
    if (!read_number(text.substr(colon + 1), out.to.port) || out.to.port == 0) return std::nullopt;
    out.to.host = text.substr(space + 1, colon - space - 1);
    if (out.to.host.empty() || out.to.host == "?") out.to.host = source.host;
    return out;
}

}  // namespace cadenza::redis
