"""The fast runtime: the bundled model exported from torch to OpenVINO once, then compiled for this CPU."""

from pathlib import Path
from typing import Any

from index.bundled import bundled_model, is_whole, replace_folder
from index.errors import EncoderError

_EXPORT = 1


def compile_bundled(cache: Path) -> Any:
    """Compile the bundled model for this CPU, exporting it below `cache` at the first call.

    The result takes (batch, tokens) int64 ids and mask and gives (batch, tokens, 384) float32 last-layer
    vectors. Raises `EncoderError` when OpenVINO cannot use the CPU or the cache cannot be written.
    """
    import openvino

    folder = bundled_model(cache)
    exported = folder.parent / f"{folder.name}-openvino-{_EXPORT}"
    if not is_whole(exported):
        _export(folder, exported)
    core = openvino.Core()
    options = {"PERFORMANCE_HINT": "LATENCY", "CACHE_DIR": str(cache / "compiled")}
    options["INFERENCE_PRECISION_HINT"] = precision()
    try:
        return core.compile_model(str(exported / "model.xml"), "CPU", options)
    except RuntimeError as error:
        raise EncoderError(
            f"OpenVINO could not compile the bundled model: {error}. Remove {cache} so that it is made again, "
            f"or name the folder {folder} as the model to run it in torch."
        ) from error


def precision() -> str:
    """Return what this CPU computes in: "bf16" where it has the instructions, else "f32"."""
    import openvino

    capabilities = openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "bf16" if "BF16" in capabilities else "f32"


def _export(folder: Path, exported: Path) -> None:
    from filelock import FileLock

    with FileLock(f"{exported}.lock"):
        if not is_whole(exported):
            replace_folder(exported, lambda target: _write(folder, target))


def _write(folder: Path, target: Path) -> None:
    import openvino
    import torch
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(
        str(folder), device="cpu", model_kwargs={"attn_implementation": "eager", "add_pooling_layer": False}
    )
    bert: Any = model[0].auto_model
    bert.eval()

    class LastLayer(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            hidden: torch.Tensor = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
            return hidden

    ids = torch.tensor([[0, 5, 6, 7, 2], [0, 5, 2, 1, 1]])
    mask = (ids != 1).long()
    with torch.no_grad():
        decoder = TorchScriptPythonDecoder(LastLayer(), example_input=(ids, mask))
    # The frontend is called directly: openvino.convert_model would start openvino-telemetry.
    frontend = FrontEndManager().load_by_framework("pytorch")
    converted = frontend.convert(frontend.load(decoder))
    for parameter in converted.inputs:
        parameter.get_node().set_partial_shape(openvino.PartialShape([-1, -1]))
        parameter.get_node().set_element_type(openvino.Type.i64)
    converted.validate_nodes_and_infer_types()
    openvino.save_model(converted, str(target / "model.xml"), compress_to_fp16=True)
