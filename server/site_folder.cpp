#include "server/site_folder.hpp"

#include <filesystem>

namespace cadenza::server {

std::string site_folder(const std::string& setting) {
    namespace fs = std::filesystem;
    const fs::path path(setting);
    if (path.is_absolute()) return setting;
    std::error_code ec;
    const auto binary = fs::read_symlink("/proc/self/exe", ec);
    return ec ? setting : (binary.parent_path() / path).lexically_normal().string();
}

}  // namespace cadenza::server
