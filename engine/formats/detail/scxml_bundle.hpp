#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/detail/xml.hpp"
#include "engine/model/reading.hpp"

namespace sillage {

/// Files that one document may refer to, directly or by another. Chosen: each is a level of care
/// for whoever reads it, and all of them fit into one file of the largest size.
inline constexpr std::size_t neighbours_max = 100;

/// A file beside the document. `path` is relative to the outermost document's folder.
struct Neighbour {
    std::string path = {};
    std::string text = {};
};

/// The path that `src` names as seen from a folder (empty, or ending in `/`): `file:` dropped, `.`
/// resolved. Nothing when it is absolute, leaves the folder, or names another place by a scheme.
/// Ex. `file:b.txt` in `parts/` is `parts/b.txt`.
[[nodiscard]] std::optional<std::string> neighbour_path(std::string_view folder,
                                                        std::string_view src);

/// The folder that a neighbour lies in. Ex. `parts/` of `parts/b.txt`.
[[nodiscard]] std::string folder_of(std::string_view path);

/// The neighbour of that path, or null.
[[nodiscard]] const Neighbour* find_neighbour(const std::vector<Neighbour>& neighbours,
                                              std::string_view path);

/// A document and all that it refers to.
struct Bundle {
    std::vector<Neighbour> neighbours = {};
    /// The document with them inside, each a `<sillage:neighbour path>` behind the root's start
    /// tag; the document itself when it refers to nothing, or has them inside already.
    std::string text = {};
};

/// Loads what the document's `src`s name, and what those files' name, and so on. A file that cannot
/// be loaded is left out: whoever reads its `src` says so. With a `srcexpr` somewhere, also every
/// file that a text ending in `.scxml` inside an attribute names, as it may come to be asked.
[[nodiscard]] Bundle bundle_neighbours(const XmlElement& root, const SourceText& source,
                                       const Neighbours& neighbours);

}  // namespace sillage
