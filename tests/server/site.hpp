#pragma once

// A built site in a folder of its own, small.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace cadenza::server {

class Site {
public:
    Site() {
        std::string name = (std::filesystem::temp_directory_path() / "cadenza-site-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no folder for a site");
        folder = name;
        write("index.html", "<!doctype html><title>Cadenza</title>");
        write("config.json", "{\"backend\":\"http://built.example\"}\n");
        write("sw.js", "self.addEventListener('fetch', () => {});");
        write("app.0123456789abcdef.js", "export {};");
    }
    ~Site() {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    std::string folder;

private:
    void write(const std::string& name, const std::string& content) const {
        std::ofstream(std::filesystem::path(folder) / name) << content;
    }
};

}  // namespace cadenza::server
