#pragma once

#include "shared/base/bounded.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cadenza {

// A Spotify Connect device. Ids change when a device reconnects, so they are never kept.
struct Device {
    std::optional<std::string> id;  // absent: it cannot be addressed
    std::string name;
    std::string type;  // "Computer", "Smartphone", "Speaker", …
    bool is_active{};
    bool is_restricted{};  // takes no commands from us
    bool supports_volume{};
    std::optional<Percent> volume_percent;

    bool operator==(const Device&) const = default;
};
BOOST_DESCRIBE_STRUCT(Device, (), (id, name, type, is_active, is_restricted, supports_volume, volume_percent))

struct Devices {
    std::vector<Device> devices;

    bool operator==(const Devices&) const = default;
};
BOOST_DESCRIBE_STRUCT(Devices, (), (devices))

}  // namespace cadenza
