#include "engine/formats/workflow_write.hpp"

#include <utility>

#include "engine/formats/detail/translation.hpp"
#include "engine/formats/workflow_tree.hpp"
#include "engine/yaml/write.hpp"

namespace sillage {

WrittenWorkflow to_workflow(const Definition& definition) {
    if (definition.dialect == Dialect::workflow) {
        return {.text = to_yaml_text(workflow_tree(definition))};
    }
    Translation translation = translate(definition);
    return {.text = to_yaml_text(workflow_tree(translation.definition)),
            .losses = std::move(translation.losses)};
}

}  // namespace sillage
